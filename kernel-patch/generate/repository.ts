// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Identity } from './identity';

/** Every commit has this date, so that the same sources make the same patches. */
const date = '2026-01-01T00:00:00+0000';

/** A git repository that holds only the files that the series touches, with commits that any machine repeats. */
export class Repository {
  readonly #folder: string;
  readonly #identity: Identity;

  constructor(folder: string, identity: Identity) {
    this.#folder = folder;
    this.#identity = identity;
    this.git('init', '--quiet', '--initial-branch=series');
  }

  write(file: string, text: string, executable: boolean): void {
    const target = path.join(this.#folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
    chmodSync(target, executable ? 0o755 : 0o644);
  }

  commit(message: string): void {
    this.git('add', '--force', '--all');
    this.git('commit', '--quiet', '--message', message);
  }

  /** Runs git without any setting of the user or the machine. */
  git(...args: string[]): string {
    const { name, mail } = this.#identity;
    return execFileSync('git', args, {
      cwd: this.#folder,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      env: {
        PATH: process.env['PATH'],
        LC_ALL: 'C',
        TZ: 'UTC',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: name,
        GIT_AUTHOR_EMAIL: mail,
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: name,
        GIT_COMMITTER_EMAIL: mail,
        GIT_COMMITTER_DATE: date,
      },
    });
  }
}
