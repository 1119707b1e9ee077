import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "@playwright/test";
import { browserOrSkip } from "./browser";
import { createToken, prepareData, startService } from "./service";

/** Roles that the journeys sign in as; each has its session in a file. */
export const ROLES = ["viewer", "agent", "admin"] as const;
export type Role = (typeof ROLES)[number];

async function storeSession(address: string, token: string, file: string): Promise<void> {
  const context = await request.newContext({ baseURL: address });
  const answer = await context.post("/api/session", { data: { token } });
  if (!answer.ok()) throw new Error(`Sign-in answered ${answer.status()}: ${await answer.text()}`);
  await context.storageState({ path: file });
  await context.dispose();
}

/**
 * A published warehouse of a 200-account org, made by the real commands (or given by
 * CUSTOMER360_TEST_DATA and copied, because journeys write), and the real service over it.
 */
export default async function globalSetup(): Promise<() => Promise<void>> {
  if (!browserOrSkip()) return async () => {};
  const work = mkdtempSync(join(tmpdir(), "customer360-web-"));
  const data = join(work, "data");
  const prepared = process.env.CUSTOMER360_TEST_DATA;
  if (prepared) cpSync(prepared, data, { recursive: true, verbatimSymlinks: true });
  else prepareData(data);

  const service = await startService(data);
  process.env.JOURNEY_ADDRESS = service.address;
  process.env.JOURNEY_SESSIONS = work;
  for (const role of ROLES) {
    const token = createToken(data, role);
    writeFileSync(join(work, `${role}.token`), token);
    await storeSession(service.address, token, join(work, `${role}.json`));
  }
  return async () => {
    await service.stop();
    rmSync(work, { recursive: true, force: true });
  };
}
