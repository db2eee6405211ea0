// upload-server.mjs [PORT]
//
//   curl --data-binary @orders.csv 'http://localhost:8080/?from=csv&to=jsonl'
//
// Converts what is uploaded while it arrives: neither side is ever whole in memory. An upload that is
// wrong from its first row on is a 400 with the reason; one that breaks later ends in a broken
// connection, which no client takes for a whole answer.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { convert } from '@x/convert';

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    if (response.headersSent) return response.destroy();
    const { code = 'FAILED', message, line, row, hint } = error;
    response.writeHead(code === 'BAD_OPTION' || line ? 400 : 415, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify({ code, message, line, row, hint })}\n`);
  });
});

async function answer(request, response) {
  const { searchParams } = new URL(request.url, 'http://localhost');
  const converted = new PassThrough();
  const conversion = convert(request, converted, {
    from: { format: searchParams.get('from') ?? undefined },
    to: { format: searchParams.get('to') ?? 'jsonl' },
  });
  // The first bytes decide whether the answer is a success.
  await Promise.race([once(converted, 'readable'), conversion]);
  response.setHeader('content-type', 'application/octet-stream');
  await Promise.all([conversion, pipeline(converted, response)]);
}

server.listen(Number(process.argv[2] ?? 8080), 'localhost', () => {
  console.log(`listening on ${server.address().port}`);
});
