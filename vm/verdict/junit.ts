// SPDX-License-Identifier: MIT
// JUnit's XML, as Jenkins and GitLab read it.
import { countOutcomes, type Suite, type TestCase } from './outcome';

export function writeJunit(suites: readonly Suite[]): string {
  const { passed, failed, skipped } = countOutcomes(suites);
  const totals = `tests="${passed + failed + skipped}" failures="${failed}" skipped="${skipped}"`;
  const body = suites.map(writeSuite).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="disablenetwork-vm" ${totals}>\n${body}</testsuites>\n`;
}

function writeSuite(suite: Suite): string {
  const { passed, failed, skipped } = countOutcomes([suite]);
  const totals = `tests="${passed + failed + skipped}" failures="${failed}" errors="0" skipped="${skipped}"`;
  const output = suite.output === '' ? '' : `    <system-out>${escape(suite.output)}</system-out>\n`;
  const cases = suite.cases.map(writeCase).join('');
  return `  <testsuite name="${escape(suite.name)}" time="${suite.seconds.toFixed(2)}" ${totals}>\n${cases}${output}  </testsuite>\n`;
}

function writeCase({ suite, name, outcome, message }: TestCase): string {
  const start = `    <testcase classname="${escape(suite)}" name="${escape(name)}"`;
  if (outcome === 'passed') return `${start}/>\n`;
  const first = escape(message.split('\n')[0] ?? '');
  if (outcome === 'skipped') return `${start}><skipped message="${first}"/></testcase>\n`;
  return `${start}><failure message="${first}">${escape(message)}</failure></testcase>\n`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 has no way at all to write most control characters, and tests print them. */
function escape(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- exactly the characters that XML forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"]/g, (character) => entities[character] ?? character)
  );
}
