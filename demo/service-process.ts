// SPDX-License-Identifier: MIT
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, identityOptions, plainEnvironment } from './account';
import { programFor } from './package-copy';
import { type Answer, type Settings, settingsVariable } from './protocol';
import { endWith, type Place } from './start';

/** Longer than any operation takes, so that a hang is told from a refusal. */
const patience = 10_000;

/** The driver's side of the service: asks, and gets the answers over the IPC channel. */
export class ServiceProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #questions = 0;

  private constructor(
    child: ChildProcess,
    readonly port: number,
  ) {
    this.#child = child;
    child.on('message', (answer: Answer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  static async start(
    place: Place,
    account: Account,
    names: string[] | null,
    settings: Settings,
  ): Promise<ServiceProcess> {
    const { node, script } = programFor(account, place);
    const [execPath = node, ...execArgv] =
      names === null ? [] : [...names, 'setpriv', ...identityOptions(account), node];
    const child = fork(script, {
      ...(names === null ? account.identity : {}),
      execPath,
      execArgv,
      cwd: settings.home,
      env: { ...plainEnvironment(settings.home), [settingsVariable]: JSON.stringify(settings) },
    });
    endWith(place.cleanup, child, 'SIGTERM');
    const ended = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`the service ended at its start: ${String(code ?? signal)}`);
    });
    const [{ port }] = (await Promise.race([once(child, 'message'), ended])) as [{ port: number }];
    ended.catch(() => undefined);
    return new ServiceProcess(child, port);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async ask(operation: string, token = ''): Promise<Answer> {
    const id = ++this.#questions;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#child.send({ id, operation, token });
    const late = sleep(patience, undefined, { ref: false }).then((): Answer => {
      const message = `no answer within ${String(patience / 1000)} s`;
      return { id, failure: { message, code: null, explained: false } };
    });
    return Promise.race([answered, late]);
  }
}
