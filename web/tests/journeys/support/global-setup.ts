import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "@playwright/test";
import { browserOrSkip } from "./browser";
import { createToken, prepareData, startService } from "./service";

/** Whom the journeys sign in as; each has its token and its session in a file. */
export const CALLERS = ["viewer", "agent", "admin", "owner", "regional"] as const;
export type Caller = (typeof CALLERS)[number];

/** An owner of a customer that needs someone, and the region of it, as an administrator reads them. */
interface Place {
  owner: string;
  region: string;
}

async function firstOfToday(address: string, token: string): Promise<Place> {
  const answer = await fetch(`${address}/api/today`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  const today = await answer.json();
  for (const item of today.items) {
    if (item.owner_name && item.region) return { owner: item.owner_name, region: item.region };
  }
  throw new Error("Nobody on Today has an owner and a region");
}

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
  const signIn = async (caller: Caller, name: string, role: string, region: string | null) => {
    const token = await createToken(data, name, role, region);
    writeFileSync(join(work, `${caller}.token`), token);
    await storeSession(service.address, token, join(work, `${caller}.json`));
    return token;
  };
  const [, , token] = await Promise.all(
    (["viewer", "agent", "admin"] as const).map((role) =>
      signIn(role, `journey-${role}`, role, null),
    ),
  );
  const { owner, region } = await firstOfToday(service.address, token ?? "");
  // The dashboard takes the owner whose name the token bears for the person at the screen.
  await Promise.all([
    signIn("owner", owner, "agent", null),
    signIn("regional", "journey-regional", "viewer", region),
  ]);
  process.env.JOURNEY_OWNER = owner;
  process.env.JOURNEY_REGION = region;
  return async () => {
    await service.stop();
    rmSync(work, { recursive: true, force: true });
  };
}
