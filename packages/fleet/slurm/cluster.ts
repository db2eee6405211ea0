import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * A Slurm cluster of one node, this machine, for the length of a run. It takes root, and of Debian
 * `slurm-wlm` and `munge`.
 */
export class Cluster {
  readonly #folder: string;
  readonly #daemons: ChildProcess[] = [];

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async start(folder: string): Promise<Cluster> {
    const cluster = new Cluster(folder);
    try {
      await cluster.#start();
      return cluster;
    } catch (error) {
      cluster.stop();
      throw error;
    }
  }

  /** A command of Slurm, and what it prints. */
  run(command: string, ...words: readonly string[]): string {
    return execFileSync(command, [...words], {
      env: { ...process.env, SLURM_CONF: this.#conf },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }).trim();
  }

  stop(): void {
    for (const daemon of this.#daemons.toReversed()) daemon.kill('SIGTERM');
  }

  get #conf(): string {
    return join(this.#folder, 'slurm.conf');
  }

  async #start(): Promise<void> {
    const socket = join(this.#folder, 'munge.socket');
    const key = join(this.#folder, 'munge.key');
    writeFileSync(key, Buffer.alloc(128, 'this key is for one machine'), { mode: 0o600 });
    const files = ['log-file', 'pid-file', 'seed-file'].map(
      (name) => `--${name}=${join(this.#folder, `munge.${name}`)}`,
    );
    // The folder is one that anybody could write to; so are all that have a temporary folder above them.
    this.#daemon('munged', '--foreground', '--force', `--socket=${socket}`, `--key-file=${key}`, ...files);
    while (!existsSync(socket)) await wait(20);
    const [node] = hostname().split('.');
    for (const name of ['state', 'spool']) mkdirSync(join(this.#folder, name));
    writeFileSync(
      this.#conf,
      [
        'ClusterName=x',
        `SlurmctldHost=${node}(127.0.0.1)`,
        'SlurmUser=root',
        'AuthType=auth/munge',
        `AuthInfo=socket=${socket}`,
        'CryptoType=crypto/munge',
        'MpiDefault=none',
        'ProctrackType=proctrack/pgid',
        'TaskPlugin=task/none',
        'ReturnToService=2',
        'SchedulerType=sched/backfill',
        'SelectType=select/cons_tres',
        'SelectTypeParameters=CR_Core',
        'SlurmctldPort=36817',
        'SlurmdPort=36818',
        `StateSaveLocation=${join(this.#folder, 'state')}`,
        `SlurmdSpoolDir=${join(this.#folder, 'spool')}`,
        `SlurmctldPidFile=${join(this.#folder, 'slurmctld.pid')}`,
        `SlurmdPidFile=${join(this.#folder, 'slurmd.pid')}`,
        `NodeName=${node} NodeAddr=127.0.0.1 CPUs=${availableParallelism()} State=UNKNOWN`,
        `PartitionName=all Nodes=${node} Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4`,
        '',
      ].join('\n'),
    );
    this.#daemon('slurmctld', '-D', '-f', this.#conf, '-L', join(this.#folder, 'slurmctld.log'));
    this.#daemon('slurmd', '-D', '-f', this.#conf, '-L', join(this.#folder, 'slurmd.log'));
    for (let tries = 0; ; tries += 1) {
      try {
        if (/^(?:idle|mix)/.test(this.run('sinfo', '-h', '-o', '%t'))) return;
      } catch (error) {
        // The controller is not there yet.
        if (tries > 50) throw error;
      }
      if (tries > 100) throw new Error(`no node is idle: ${this.run('sinfo')}`);
      await wait(200);
    }
  }

  #daemon(command: string, ...words: readonly string[]): void {
    const env = { ...process.env, SLURM_CONF: this.#conf };
    this.#daemons.push(spawn(command, words, { stdio: 'ignore', env }));
  }
}
