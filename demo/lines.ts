// SPDX-License-Identifier: MIT
// The lines of the table: how each attempt is judged, before the drop and after.
import { digest, type Load, request } from './load';
import { type Attempt, thingsThatGoOn, type WayOut, waysOut } from './attempts';
import type { Failure } from './protocol';
import type { Stage } from './set-up';
import { newToken } from './token';

/** How one attempt went: what the table shows, and what is not as promised. */
export interface Trial {
  readonly shown: string;
  readonly verdict: 'closed' | 'OPEN' | 'UNCLEAR' | 'goes on' | 'BROKEN';
  readonly problem: string | null;
}

export interface Line {
  readonly label: string;
  before(): Promise<Trial>;
  after(): Promise<Trial>;
}

export function wayOutLines(stage: Stage): Line[] {
  const shown = waysOut.filter(({ operation }) => operation !== 'lookup' || stage.hasNames);
  return shown.map((way) => ({
    label: way.label,
    before: () => mustWork(stage, way, way.leaves),
    after: () => mustBeRefused(stage, way),
  }));
}

export function goOnLines(stage: Stage): Line[] {
  const attempts = thingsThatGoOn.map((thing) => ({
    label: thing.label,
    before: () => mustWork(stage, thing, false),
    after: () => mustWork(stage, thing, false),
  }));
  return [accept(stage), ...attempts];
}

/** What the load has to say; the last to be tried, so that it has gone on beside all the others. */
export function loadLines(load: Load): Line[] {
  return [queries(load), keepAlive(load)];
}

async function mustWork({ service, outside }: Stage, attempt: Attempt, leaves: boolean): Promise<Trial> {
  const token = newToken();
  const { text, failure } = await service.ask(attempt.operation, token);
  if (failure !== undefined) return broken('fails', `does not work: ${failure.message}`);
  const expected = attempt.answer(token);
  if (text !== expected) return broken('wrong answer', `answered ${text} where ${expected} was expected`);
  if (leaves && !outside.hasSeen(token)) return broken('not seen', 'nothing was seen outside');
  return goesOn(attempt.shown);
}

async function mustBeRefused({ service, outside }: Stage, way: WayOut): Promise<Trial> {
  const token = newToken();
  const { failure } = await service.ask(way.operation, token);
  if (failure === undefined) return { shown: way.shown, verdict: 'OPEN', problem: 'is open' };
  if (outside.hasSeen(token))
    return { shown: 'seen outside', verdict: 'OPEN', problem: 'failed, yet was seen outside' };
  const { refusal } = way;
  if (refusal === undefined) return judgeExplanation(failure);
  if (refusal.pattern.test(failure.message)) return { shown: refusal.shown, verdict: 'closed', problem: null };
  return { shown: 'fails', verdict: 'UNCLEAR', problem: `failed otherwise than promised: ${failure.message}` };
}

function judgeExplanation({ explained, code, message }: Failure): Trial {
  const shown = code ?? 'no code';
  if (explained && code === 'ERR_DISABLENETWORK_DENIED') return { shown, verdict: 'closed', problem: null };
  return { shown, verdict: 'UNCLEAR', problem: `is refused, but the error does not say why: ${shown}, ${message}` };
}

function goesOn(shown: string): Trial {
  return { shown, verdict: 'goes on', problem: null };
}

function broken(shown: string, problem: string): Trial {
  return { shown, verdict: 'BROKEN', problem };
}

function queries(load: Load): Line {
  const judge = (shown: string): Trial => {
    const [problem] = load.problems;
    return problem === undefined ? goesOn(shown) : broken(`${load.problems.length} wrong`, problem);
  };
  return {
    label: 'PostgreSQL, open TCP',
    before: async () => {
      await load.runFor(1000);
      return judge(`${load.right} right`);
    },
    after: async () => {
      const { right } = load;
      await load.runFor(2000);
      await load.stop();
      return judge(`${load.right - right} more, 0 wrong`);
    },
  };
}

function keepAlive(load: Load): Line {
  const trial = (shown: string): Promise<Trial> => {
    const { connections, clients } = load;
    if (connections === clients) return Promise.resolve(goesOn(shown));
    return Promise.resolve(
      broken(`${connections} connections`, `${clients} clients opened ${connections} connections`),
    );
  };
  const { clients } = load;
  return {
    label: 'keep-alive HTTP',
    before: () => trial(`${clients} connections`),
    after: () => trial(`the same ${clients}`),
  };
}

function accept({ service }: Stage): Line {
  const trial = async (): Promise<Trial> => {
    const token = newToken();
    const { status, body } = await request(service.port, token, false);
    return status === 200 && body === digest(token)
      ? goesOn('right answer')
      : broken('wrong answer', `HTTP ${status}: ${body}`);
  };
  return { label: 'accept, a new HTTP client', before: trial, after: trial };
}
