// SPDX-License-Identifier: MIT
// The system calls of a drop without a fault, and every fault that follows from them.
import { constants } from 'node:os';

import { canPersist, cannotFail, errnos, errnosOf } from './errnos';
import { type Disturbance, disturbances, type Fault, nameOfSetting, type Role, type Setting, type Site } from './fault';
import { type Place, run } from './run';
import { judge } from './verdict';

export interface Recording {
  readonly setting: Setting;
  readonly steps: number;
  readonly sites: readonly (Site & { readonly results: readonly number[] })[];
  readonly milliseconds: number;
}

/** The drop without a fault has to be a receipt that is true: the control of all that follows. */
export async function record(place: Place, setting: Setting): Promise<Recording> {
  const recorded = await run(place, setting, 'record');
  const { outcome, problems } = judge('nothing', recorded);
  if (outcome !== 'receipt' || problems.length > 0) {
    throw new Error(
      `${nameOfSetting(setting)} without a fault: ${JSON.stringify({ outcome, problems })}\n${recorded.output}`,
    );
  }
  const sites = new Map<string, Site & { results: number[] }>();
  for (const line of recorded.calls) {
    const [role = '', call = '', about = '', , result] = line.split(' ');
    const key = `${role} ${call} ${about}`;
    const site = sites.get(key) ?? { role: role as Role, call, about: about === '-' ? '' : about, results: [] };
    site.results.push(Number(result));
    sites.set(key, site);
  }
  const unknown = [...sites.values()].find(({ call }) => !(call in errnos) && !cannotFail.includes(call));
  if (unknown !== undefined) throw new Error(`the drop makes the call ${unknown.call}: add it to errnos.ts`);
  const { steps, milliseconds } = recorded.injector;
  return { setting, steps, sites: [...sites.values()], milliseconds };
}

const numberOf = (errno: string): number => constants.errno[errno as keyof typeof constants.errno];

/** Each call at each of its occurrences with each of its errors, but for what it answers anyway. */
export function syscallFaults({ setting, sites }: Recording): Fault[] {
  return sites.flatMap(({ role, call, about, results }) =>
    errnosOf(call, about).flatMap((errno) =>
      results.flatMap((result, index): Fault[] => {
        if (result === -numberOf(errno)) return [];
        const forms = canPersist(call, errno) ? [false, true] : [false];
        const site = { kind: 'system call', role, call, about, occurrence: index + 1, errno } as const;
        return forms.map((onwards) => ({ setting, what: { ...site, onwards } }));
      }),
    ),
  );
}

export function threadFaults({ setting, steps }: Recording): Fault[] {
  const all = Array.from({ length: steps }, (_, index) => index + 1);
  return (Object.keys(disturbances) as Disturbance[]).flatMap((disturbance) =>
    all.map((step) => ({ setting, what: { kind: 'thread', disturbance, step } as const })),
  );
}
