import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the workers of this process have done since it began. */
export class Metrics {
  published = 0;
  failed = 0;
  /** Attempts that failed and were tried again. */
  retries = 0;
  leasesLost = 0;
  rangesTaken = 0;
  /** Files that are being converted. */
  inHand = 0;
  rowsWritten = 0;
  bytesRead = 0;
  bytesWritten = 0;
  /** Seconds spent on files, all of them added up. */
  seconds = 0;

  /** The text form of Prometheus (exposition format 0.0.4). */
  text(): string {
    return series
      .map(({ name, type, help, read }) => {
        const samples = read(this).map(([labels, value]) => `x_fleet_${name}${labels} ${value}\n`);
        return `# HELP x_fleet_${name} ${help}\n# TYPE x_fleet_${name} ${type}\n${samples.join('')}`;
      })
      .join('');
  }
}

interface Series {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly read: (metrics: Metrics) => readonly (readonly [labels: string, value: number])[];
}

const one =
  (read: (metrics: Metrics) => number): Series['read'] =>
  (metrics) => [['', read(metrics)]];

const series: readonly Series[] = [
  {
    name: 'files_total',
    type: 'counter',
    help: 'Files settled, by what became of them.',
    read: ({ published, failed }) => [
      ['{fate="published"}', published],
      ['{fate="failed"}', failed],
    ],
  },
  { name: 'files_in_hand', type: 'gauge', help: 'Files being converted.', read: one((m) => m.inHand) },
  {
    name: 'retries_total',
    type: 'counter',
    help: 'Attempts that failed and were repeated.',
    read: one((m) => m.retries),
  },
  {
    name: 'ranges_taken_total',
    type: 'counter',
    help: 'Ranges taken from the engine.',
    read: one((m) => m.rangesTaken),
  },
  {
    name: 'leases_lost_total',
    type: 'counter',
    help: 'Ranges that the engine gave to another worker.',
    read: one((m) => m.leasesLost),
  },
  { name: 'rows_written_total', type: 'counter', help: 'Rows written.', read: one((m) => m.rowsWritten) },
  { name: 'bytes_read_total', type: 'counter', help: 'Bytes read.', read: one((m) => m.bytesRead) },
  { name: 'bytes_written_total', type: 'counter', help: 'Bytes written.', read: one((m) => m.bytesWritten) },
  {
    name: 'file_seconds_total',
    type: 'counter',
    help: 'Seconds spent on files.',
    read: one((m) => m.seconds),
  },
  {
    name: 'resident_memory_bytes',
    type: 'gauge',
    help: 'Memory of the process.',
    read: one(() => process.memoryUsage.rss()),
  },
];

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves the metrics at `http://127.0.0.1:PORT/metrics`, to this machine alone.
 *
 * @param port 0 takes a free one.
 */
export async function serveMetrics(metrics: Metrics, port: number): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') response.writeHead(404).end('see /metrics\n');
    else response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics.text());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // It is there for others; it does not keep the process.
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
