import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const SOURCE = resolve(import.meta.dirname, "../../src");

/** What a file may import from: shared, then features, then app; a feature knows no other one. */
function allowedFrom(file: string): string[] {
  const [layer, feature] = file.split("/");
  if (layer === "shared") return ["shared/", "client/"];
  if (layer === "features") return ["shared/", "client/", `features/${feature}/`];
  return ["shared/", "client/", "features/", "app/"];
}

function violationsIn(file: string, text: string): string[] {
  const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(
    (match) => match[1] ?? "",
  );
  return imports
    .map((path) =>
      path.startsWith(".")
        ? relative(SOURCE, resolve(SOURCE, file, "..", path))
        : path.replace(/^@\//, "\0"),
    )
    .filter((path) => path.startsWith("\0") || !path.includes("node_modules"))
    .flatMap((path) => {
      const inside = path.startsWith("\0") ? path.slice(1) : null;
      const target = inside ?? path;
      const isOurs = inside !== null || /^(app|features|shared|client)\//.test(target);
      return isOurs && !allowedFrom(file).some((prefix) => target.startsWith(prefix))
        ? [`${file} imports ${target}`]
        : [];
    });
}

const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("client/"))
  .map((file) => file.replaceAll("\\", "/"));

describe("imports go from shared to features to app, never back", () => {
  it("finds the sources", () => expect(files.length).toBeGreaterThan(20));

  it.each(files)("%s", (file) => {
    expect(violationsIn(file, readFileSync(join(SOURCE, file), "utf8"))).toEqual([]);
  });

  it("would catch a feature that imports another, and shared code that imports a feature", () => {
    expect(
      violationsIn("features/today/page.tsx", 'import { a } from "@/features/customer/a";'),
    ).toHaveLength(1);
    expect(
      violationsIn("shared/ui/a.tsx", 'const a = import("../../features/customer/a");'),
    ).toHaveLength(1);
    expect(violationsIn("features/today/page.tsx", 'import { a } from "./a";')).toEqual([]);
  });
});
