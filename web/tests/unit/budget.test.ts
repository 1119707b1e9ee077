import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const DIST = resolve(import.meta.dirname, "../../dist");
const KILOBYTE = 1000;
const FIRST_LOAD_LIMIT = 130 * KILOBYTE;
const PAGE_LIMIT = 250 * KILOBYTE;

interface Chunk {
  file: string;
  src?: string;
  imports?: string[];
  dynamicImports?: string[];
}
type Manifest = Record<string, Chunk>;

/** A chunk and everything it cannot run without. */
function closure(manifest: Manifest, name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const imported of manifest[name]?.imports ?? []) closure(manifest, imported, seen);
  return seen;
}

function gzippedSize(manifest: Manifest, names: Iterable<string>): number {
  let size = 0;
  for (const name of names) {
    const file = manifest[name]?.file;
    if (file?.endsWith(".js"))
      size += gzipSync(readFileSync(resolve(DIST, file)), { level: 9 }).length;
  }
  return size;
}

describe("the JavaScript a visitor waits for, compressed", () => {
  const path = resolve(DIST, ".vite/manifest.json");
  if (!existsSync(path)) {
    it.fails("needs a build: run `npm run build` first", () => expect(existsSync(path)).toBe(true));
    return;
  }
  const manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  const entry = closure(manifest, "index.html");
  const pages = Object.keys(manifest).filter((name) =>
    /^src\/features\/[^/]+\/page\.tsx$/.test(name),
  );
  const sizes = pages.map((page) => ({
    page,
    size: gzippedSize(manifest, new Set([...entry, ...closure(manifest, page)])),
  }));

  it("finds every page but Today, which is part of the first load", () => {
    expect(pages).toHaveLength(7);
  });

  it("the first load stays under 130 kB, framework, frame and Today included", () => {
    expect(gzippedSize(manifest, entry)).toBeLessThan(FIRST_LOAD_LIMIT);
  });

  it.each(sizes)("$page stays under 250 kB ($size)", ({ size }) => {
    expect(size).toBeLessThan(PAGE_LIMIT);
  });
});
