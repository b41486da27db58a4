// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { writeJunit } from '../../../../vm/verdict/junit';

const xml = writeJunit([
  {
    name: 'a<b',
    seconds: 1.234,
    output: 'bell \u0007 & "quoted"\n',
    cases: [
      { suite: 'a<b', name: 'one', outcome: 'passed', message: '' },
      { suite: 'a<b', name: 'two', outcome: 'failed', message: 'x < y\nmore' },
      { suite: 'a<b', name: 'three', outcome: 'skipped', message: 'no "SCTP"' },
    ],
  },
]);

it('counts', () => {
  expect(xml).toContain('<testsuites name="disablenetwork-vm" tests="3" failures="1" skipped="1">');
  expect(xml).toContain('<testsuite name="a&lt;b" time="1.23" tests="3" failures="1" errors="0" skipped="1">');
});

it('has reasons, and no character that XML forbids', () => {
  expect(xml).toContain('<failure message="x &lt; y">x &lt; y\nmore</failure>');
  expect(xml).toContain('<skipped message="no &quot;SCTP&quot;"/>');
  expect(xml).toContain('bell \ufffd &amp;');
});

it('is XML for somebody else, too', () => {
  const script = 'import sys, xml.dom.minidom as m; print(len(m.parse(sys.stdin).getElementsByTagName("testcase")))';
  expect(execFileSync('python3', ['-c', script], { input: xml, encoding: 'utf8' }).trim()).toBe('3');
});
