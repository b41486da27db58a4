// SPDX-License-Identifier: MIT
import { findHiddenRings } from '../../../lib/residuals/hidden-rings';
import type { BroadcastAnswer } from '../../../lib/native/binding';

describe('rings that are open nowhere', () => {
  const find = ({ rings }: { rings: BroadcastAnswer }) => findHiddenRings(rings);

  it('are none where no thread has registered one', () => {
    expect(find({ rings: { result: 0, answers: [{ tid: 1, result: 0 }], silent: [] } })).toEqual([]);
  });

  it('are named by their thread, one residual each', () => {
    const answers = [
      { tid: 1, result: 0 },
      { tid: 2, result: 3 },
    ];
    const [residual, ...others] = find({ rings: { result: 0, answers, silent: [] } });
    expect(others).toEqual([]);
    expect(residual).toMatchObject({ id: 'io-uring', descriptor: null, closable: false });
    expect(residual?.ways[0]).toContain('thread 2');
  });

  it('cannot be ruled out where a thread is silent or the threads cannot be asked', () => {
    const [silent] = find({ rings: { result: -110, answers: [], silent: [7] } });
    expect(silent?.ways[0]).toContain('thread 7 does not answer');
    const [busy] = find({ rings: { result: -16, answers: [], silent: [] } });
    expect(busy?.ways[0]).toContain('EBUSY');
    const [short] = find({ rings: { result: -24, answers: [], silent: [] } });
    expect(short?.remedy).toContain('RLIMIT_NOFILE');
    expect(short?.remedy).not.toContain('set-id signal');
  });
});
