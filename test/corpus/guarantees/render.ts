// SPDX-License-Identifier: MIT
// docs/guarantees.md: what is expected of each row, where it ran and came to that.
import type { LocatedRow } from '../all-rows';
import { expectedVerdict } from '../expected';
import { notRun as notRunRows } from '../not-run';
import { breaks } from '../programs/breaks';
import { hasPassed, type Guarantees } from './record';

const sections: Readonly<Record<string, string>> = {
  A: 'Using what is open already, or making it anew',
  B: 'Getting a socket from someone else',
  C: 'Driving a process that has the network',
  D: 'Asking the kernel, or root',
  E: 'The system call interface',
  F: 'What must go on working',
  G: 'Found by reading the kernel',
};

/** In the order of their strength. */
const order = ['lsm', 'landlock', 'seccomp'];

/** Landlock ABIs of kernels that could not be had: their rules are tested against a simulated kernel. */
const neverRun = ['landlock-8', 'landlock-9', 'landlock-10'];
const notRun = '**not run**';

/** The cells of rows that have changed since their environment ran. */
function describeNotRun(): string {
  const groups = notRunRows.map(
    ({ reason, environments, ids }) =>
      `- ${environments.map((name) => `\`${name}\``).join(', ')}: ${ids.join(', ')}. ${reason}\n`,
  );
  return groups.length === 0 ? '' : `\nCells that say **not run** in these environments:\n\n${groups.join('')}`;
}

const introduction = (): string => `<!-- SPDX-License-Identifier: MIT -->
<!-- Made by \`npm test -- guarantees\` from what the tests came to. Do not edit. -->

# What is closed, and what is open

Each row is one way to the network, or one thing that must go on working, and each cell is what a test came to. The test tries the way without the drop first, which has to succeed; then it drops the network and tries once more. A way that is open where it should be closed fails the test, and a way that is closed where this page says open fails it as well.

Where the kernel runs in an emulated guest (\`lsm-…\`, \`landlock-6\`, \`seccomp-6.1\`), up to 32 rows share a process in a batch; one that does not come to what is expected there is tried alone.

| Cell                    | Meaning                                                                                                                  |
| ----------------------- | ------------------------------------------------------------------------------------------------------------------------ |
| \`closed (EPERM)\`        | refused with this error, whatever was open before                                                                        |
| \`inventory (udp-socket)\` | \`disableNetwork()\` refuses as long as it is open, and names this residual; who accepts it has the way open; \`residuals: 'close'\` ends it |
| \`inventory (…), kept by close\` | the same, but there is no descriptor to close: \`residuals: 'close'\` refuses as well |
| \`open (unix-peers)\`     | open; the receipt names it as this limit                                                                                 |
| \`works\`                 | goes on working, as it must                                                                                              |
| \`refused (EPERM)\`       | should go on working, and does not: the drop blocks more than it has to                                                  |
| \`throws (ERR_…), and has changed nothing\` | the drop fails with this error; what the process could do before it still can |
| \`breaks: …\`             | of real programs: what the program says; the reason and what to do instead are below their table                          |
| \`absent (ENOENT)\`       | this kernel has no such thing, with the drop or without                                                                  |

To run one row: \`npx jest --selectProjects corpus -t 'A01.tcp-connect'\`. To run all of them in all environments: \`npm test -- guarantees\`. Where each row ran: [guarantees.json](guarantees.json).

Landlock ABI 8, 9 and 10 (Linux 7.0 to 7.2) were **not run**: no such kernel was at hand, and the rules for them are tested against a simulated kernel only. \`lsm\` is the kernel patch of this project; \`seccomp\` is this kernel with Landlock taken away.
${describeNotRun()}`;

const table = (head: readonly string[], body: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const escape = (text: string): string => text.replace(/[|<>]/g, (character) => `\\${character}`);

/** One row of the corpus, with a cell for each environment. */
interface Line {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly cells: readonly string[];
}

function environmentTable({ environments }: Guarantees, ids: readonly string[], lines: readonly Line[]): string {
  const states = ['closed', 'inventory', 'open', 'works', 'refused', 'throws', 'breaks', 'absent'];
  const body = ids.map((id, column) => [
    `\`${id}\``,
    environments[id] ?? notRun,
    ...states.map((state) => String(lines.filter(({ cells }) => cells[column]?.startsWith(state)).length)),
  ]);
  return table(['Environment', 'Kernel', ...states], body);
}

function sectionTable(lines: readonly Line[], ids: readonly string[]): string {
  const body = lines.map(({ id, title, source, cells }) => [
    `[${id}](../${source})`,
    escape(title),
    ...cells.map(escape),
  ]);
  return table(['Id', 'Way', ...ids], body);
}

function whatBreaks(lines: readonly Line[]): string {
  const body = lines.flatMap(({ id }) => {
    const { reason, remedy } = breaks[id] ?? {};
    return reason === undefined || remedy === undefined ? [] : [[id, escape(reason), escape(remedy)]];
  });
  return body.length === 0 ? '' : `\n${table(['Id', 'Why it breaks', 'What to do instead'], body)}\n`;
}

export function render(guarantees: Guarantees, rows: readonly LocatedRow[]): string {
  const rank = (id: string): number => order.findIndex((provider) => id.startsWith(provider));
  const ran = Object.keys(guarantees.environments).sort((one, other) => (one < other ? -1 : 1));
  const ids = [...ran, ...neverRun].sort((one, other) => rank(one) - rank(other));
  const lines = rows.map((located): Line => {
    const { row, source } = located;
    const cells = ids.map((id) => (hasPassed(guarantees, located, id) ? expectedVerdict(id, row.id) : notRun));
    return { id: row.id, title: row.title, source, cells };
  });
  const parts = Object.entries(sections).flatMap(([letter, title]) => {
    const own = lines.filter(({ id }) => id.startsWith(letter));
    return own.length === 0 ? [] : [`## ${letter}. ${title}\n\n${sectionTable(own, ids)}\n${whatBreaks(own)}`];
  });
  return [introduction(), `${environmentTable(guarantees, ids, lines)}\n`, ...parts].join('\n');
}
