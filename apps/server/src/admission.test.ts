import { describe, expect, it } from 'vitest';
import { createAdmission } from './admission.ts';

const never = new AbortController().signal;

describe('createAdmission', () => {
  it('lets so many in, so many wait in order, and refuses the rest', async () => {
    const admission = createAdmission({ maxActive: 1, maxWaiting: 2 });
    const entered: number[] = [];
    const leaveFirst = await admission.enter(never);
    const second = admission.enter(never).then((leave) => (entered.push(2), leave));
    const third = admission.enter(never).then((leave) => (entered.push(3), leave));
    await expect(admission.enter(never)).rejects.toMatchObject({ code: 'ServiceUnavailable' });
    expect([admission.waiting, entered]).toEqual([2, []]);
    leaveFirst();
    leaveFirst();
    const leaveSecond = await second;
    expect([admission.waiting, entered]).toEqual([1, [2]]);
    leaveSecond();
    await third;
    expect(entered).toEqual([2, 3]);
  });

  it('lets in at once where nobody waits and there is room', async () => {
    const admission = createAdmission({ maxActive: 2, maxWaiting: 1, maxWeight: 10 });
    const leave = admission.enterAtOnce(6);
    expect([admission.active, admission.weight]).toEqual([1, 6]);
    expect(admission.enterAtOnce(5)).toBeUndefined();
    const heavy = admission.enter(never, 9);
    expect(admission.enterAtOnce(1)).toBeUndefined();
    leave?.();
    await heavy;
    expect(admission.enterAtOnce(1)).toBeTypeOf('function');
  });

  it('forgets who gives up', async () => {
    const admission = createAdmission({ maxActive: 1, maxWaiting: 1 });
    const leave = await admission.enter(never);
    const impatient = new AbortController();
    const waiting = admission.enter(impatient.signal);
    impatient.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(admission.enter(impatient.signal)).rejects.toThrow('gone');
    leave();
    expect(admission.waiting).toBe(0);
    await expect(admission.enter(never)).resolves.toBeTypeOf('function');
  });
});
