import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { promisify } from "node:util";

const execFileAsync = promisify(execFile);

const ROOT = resolve(import.meta.dirname, "../../../..");
const PYTHON = resolve(ROOT, ".venv/bin/python");
const READY_WITHIN_MS = 60_000;

function environment(data: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CUSTOMER360_DATA: data,
    CUSTOMER360_SANDBOX_ACCOUNTS: "200",
    PATH: `${resolve(ROOT, ".venv/bin")}:${process.env.PATH}`,
  };
}

function run(data: string, ...args: string[]): string {
  return execFileSync(PYTHON, ["-m", ...args], {
    cwd: ROOT,
    env: environment(data),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Extracts a 200-account sandbox org and publishes its warehouse, as `make pipeline` does. */
export function prepareData(data: string): void {
  run(data, "extract");
  run(data, "warehouse", "build");
}

/** Makes an API token by the command an administrator uses, and returns it. */
export async function createToken(
  data: string,
  name: string,
  role: string,
  region: string | null,
): Promise<string> {
  const limits = region === null ? [] : ["--region", region];
  const { stdout: printed } = await execFileAsync(
    PYTHON,
    ["-m", "service", "token", "add", name, "--role", role, ...limits],
    { cwd: ROOT, env: environment(data) },
  );
  const token = printed.match(/c360_[\w-]+/)?.[0];
  if (!token) throw new Error(`No token in what the command printed: ${printed}`);
  return token;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("No free port");
  return address.port;
}

async function waitUntilReady(
  address: string,
  service: ChildProcess,
  output: () => string,
): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (service.exitCode !== null) throw new Error(`The service ended:\n${output()}`);
    try {
      const answer = await fetch(`${address}/ready`);
      if (answer.ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((done) => setTimeout(done, 150));
  }
  throw new Error(`The service was not ready within ${READY_WITHIN_MS / 1000} s:\n${output()}`);
}

export interface RunningService {
  address: string;
  stop: () => Promise<void>;
}

/** Starts the real service on a free port, over the built dashboard and the given data. */
export async function startService(data: string): Promise<RunningService> {
  if (!existsSync(resolve(ROOT, "web/dist/index.html"))) {
    throw new Error("web/dist is missing: run `npm run build` first.");
  }
  const port = await freePort();
  const service = spawn(PYTHON, ["-m", "service", "--port", String(port)], {
    cwd: ROOT,
    env: environment(data),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [service.stdout, service.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const address = `http://127.0.0.1:${port}`;
  await waitUntilReady(address, service, () => output);
  return {
    address,
    stop: async () => {
      service.kill("SIGTERM");
      if (service.exitCode === null) await once(service, "exit");
    },
  };
}
