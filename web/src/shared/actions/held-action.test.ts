// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HOLD_SECONDS, holdAction, undoHeldAction } from "./held-action";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const hold = (send: (leaving: boolean) => Promise<void>) =>
  holdAction("r1", "Send Payment Reminder", send);

describe("an action waits for second thoughts", () => {
  it("is sent once, after the wait", () => {
    const send = vi.fn(async () => {});
    hold(send);
    vi.advanceTimersByTime(HOLD_SECONDS * 1000 - 1);
    expect(send).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(send).toHaveBeenCalledExactlyOnceWith(false);
  });
  it("is never sent after an undo", () => {
    const send = vi.fn(async () => {});
    hold(send);
    undoHeldAction("r1");
    vi.advanceTimersByTime(60_000);
    window.dispatchEvent(new Event("pagehide"));
    expect(send).not.toHaveBeenCalled();
  });
  it("is sent at once, and only once, when the page goes away", () => {
    const send = vi.fn(async () => {});
    hold(send);
    window.dispatchEvent(new Event("pagehide"));
    vi.advanceTimersByTime(60_000);
    expect(send).toHaveBeenCalledExactlyOnceWith(true);
  });
  it("replaces an earlier decision about the same thing", () => {
    const [first, second] = [vi.fn(async () => {}), vi.fn(async () => {})];
    hold(first);
    hold(second);
    vi.advanceTimersByTime(60_000);
    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledOnce();
  });
});
