// SPDX-License-Identifier: MIT
// The demo: a service under load loses its network, keeps what it has, and nothing else gets out.
import { release } from 'node:os';
import { parseArgs } from 'node:util';
import { Cleanup } from './cleanup';
import { describeReceipt, wrap } from './report';
import { setUp } from './set-up';
import { type Result, show } from './show';

const usage = `usage: npm run demo [-- --without-drop]
  --without-drop  leave the network on: every way out is then found open, and the demo fails`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { 'without-drop': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    print(usage);
    return 0;
  }
  const cleanup = new Cleanup();
  const stopped = stopOnSignal(cleanup);
  try {
    return await Promise.race([runDemo(cleanup, !values['without-drop']), stopped]);
  } finally {
    await cleanup.run();
  }
}

async function runDemo(cleanup: Cleanup, withDrop: boolean): Promise<number> {
  print('disablenetwork: a service under load loses its network');
  print(`Node ${process.versions.node}, Linux ${release()}, ${process.arch}.`);
  print('Starting PostgreSQL, Xvfb and the service ...');
  const stage = await setUp(cleanup);
  print(
    `PostgreSQL ${stage.postgresVersion}. The service runs as ${stage.serviceUser}, process ${stage.service.pid}.\n`,
  );
  const result = await show(stage, withDrop, process.stdout);
  print('');
  if (!stage.hasNames)
    print('dns.lookup() is not in the table: it takes root, a mount namespace and port 53 to show.\n');
  return report(result);
}

function report({ lines, problems, receipt, dropMilliseconds, explanation }: Result): number {
  if (receipt !== null) {
    print(describeReceipt(receipt, dropMilliseconds));
    print(['', 'What a refused fetch() says:', ...wrap(explanation, '  ', '  '), ''].join('\n'));
  }
  if (problems.length === 0) {
    const rest = receipt?.accepted.length ? ' The open sockets named above stay a way out on this kernel.' : '';
    print(`All ${lines} lines are as promised.${rest}`);
    return 0;
  }
  for (const problem of problems) process.stderr.write(`NOT AS PROMISED: ${problem}\n`);
  return 1;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Settles when the user ends the demo; the caller then cleans up as at any other end. */
function stopOnSignal(cleanup: Cleanup): Promise<number> {
  return new Promise((resolve) => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      const stop = (): void => {
        process.stderr.write('\ndemo: stopped, cleaning up\n');
        resolve(code);
      };
      process.on(signal, stop);
      cleanup.add(() => {
        process.off(signal, stop);
      });
    }
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`demo: ${message}\n${message.startsWith('Unknown option') ? `${usage}\n` : ''}`);
    process.exit(message.startsWith('Unknown option') ? 2 : 1);
  },
);
