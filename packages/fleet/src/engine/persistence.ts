import { FleetError } from '../fleet-error.ts';

/**
 * Refuses a server that would lose its queue in silence, by what it says of itself (`INFO`).
 *
 * @throws {FleetError} `BAD_OPTION`
 */
export function checkPersistence(info: string): void {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  if (field('aof_enabled') !== '1') {
    throw new FleetError(
      'BAD_OPTION',
      'the server keeps no log of its queue (appendonly), and loses it when it ends',
      {
        hint: 'Set appendonly yes, or allow it with allowVolatile: what is lost is queued again when the run is resumed',
      },
    );
  }
  const policy = field('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    throw new FleetError('BAD_OPTION', `the server throws jobs away when its memory is full (${policy})`, {
      hint: 'Set maxmemory-policy noeviction, or allow it with allowVolatile',
    });
  }
}

/**
 * What a power cut may take, if it may take anything.
 *
 * @param appendfsync The server's setting; undefined where it does not tell, as hosted ones do not.
 */
export function persistenceWarning(appendfsync: string | undefined): string | undefined {
  if (appendfsync === undefined || appendfsync === 'always') return undefined;
  const lost = appendfsync === 'everysec' ? 'the last second' : 'the last half minute';
  return (
    `the server writes its log with appendfsync ${appendfsync}: a power cut takes ${lost} of the queue, ` +
    'which workers that go on queue again from the plan'
  );
}
