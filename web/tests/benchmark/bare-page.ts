import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cookie } from "@playwright/test";
import { browser } from "../journeys/support/browser";

/** A page of a browser of its own, spoken to in the DevTools protocol. */
export interface BarePage {
  /** Calls a method of the protocol. Throws what the browser answers instead of a result. */
  send: (method: string, parameters?: object) => Promise<Record<string, unknown>>;
  /** The value of an expression in the page. */
  evaluate: (expression: string) => Promise<unknown>;
  close: () => Promise<void>;
}

interface Message {
  id?: number;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/**
 * Opens a page that nothing watches. Playwright is told of every request and message of its pages;
 * a processor slowed down four times spends a third of its time on telling.
 */
export async function openBarePage(cookies: Cookie[]): Promise<BarePage> {
  const profile = mkdtempSync(join(tmpdir(), "customer360-browser-"));
  const { executablePath, args } = browser.launchOptions;
  const chromium = spawn(
    executablePath,
    [
      ...args,
      "--headless",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      "--window-size=1440,900",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const socket = new WebSocket(await addressIn(chromium.stderr));
  await once(socket, "open");

  const waiting = new Map<number, (message: Message) => void>();
  socket.addEventListener("message", (event) => {
    const message: Message = JSON.parse(String(event.data));
    if (message.id !== undefined) waiting.get(message.id)?.(message);
  });
  let calls = 0;
  const call = async (method: string, params: object, sessionId?: unknown) => {
    calls += 1;
    const id = calls;
    const answered = new Promise<Message>((done) => waiting.set(id, done));
    socket.send(JSON.stringify({ id, method, params, sessionId }));
    const { result, error } = await answered;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  };

  await call("Storage.setCookies", { cookies });
  const { targetId } = await call("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
  const send: BarePage["send"] = (method, parameters = {}) => call(method, parameters, sessionId);
  return {
    send,
    evaluate: async (expression) => {
      const { result } = await send("Runtime.evaluate", { expression, returnByValue: true });
      return (result as { value?: unknown }).value;
    },
    close: async () => {
      const ended = once(chromium, "exit");
      await call("Browser.close", {});
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The address to speak to, which the browser prints when it is ready. */
async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  let printed = "";
  for await (const chunk of output) {
    printed += String(chunk);
    const address = printed.match(/ws:\/\/\S+/)?.[0];
    if (address) return address;
  }
  throw new Error(`The browser ended before it was ready: ${printed}`);
}
