import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Download, RotateCcw } from "lucide-react";
import { Slider } from "radix-ui";
import { useDeferredValue, useMemo, useState } from "react";
import { Link } from "react-router";
import { runWhatif } from "@/client/sdk.gen";
import type { ComponentWeight, Knot, Mover, Rules, WhatIfAnswer } from "@/client/types.gen";
import { type CellField, saveFile, toCsv } from "@/shared/csv";
import { metricText } from "@/shared/format/metric";
import {
  formatCount,
  formatMoney,
  formatPercent,
  formatScore,
  plural,
} from "@/shared/format/number";
import { customerPath } from "@/shared/navigation/paths";
import { Button } from "@/shared/ui/button";
import { CsvButton, CsvOfRows } from "@/shared/ui/csv-button";
import { Select } from "@/shared/ui/field";
import { Section } from "@/shared/ui/section";
import { Empty, Loaded, SkeletonLines } from "@/shared/ui/state";
import { Status } from "@/shared/ui/status";
import { type Column, Table } from "@/shared/ui/table";
import { CurveEditor } from "./curve-editor";
import { Histogram } from "./histogram";
import type { ScoreName } from "./page";
import { roundWeights, setWeight } from "./weights";

export function Lab({
  rules,
  score,
  onScore,
}: {
  rules: Rules;
  score: ScoreName;
  onScore: (score: ScoreName) => void;
}) {
  // Made once: whether something was changed is told by their identity.
  const inForce = useMemo(
    () => rules.components.filter((one) => one.score === score),
    [rules, score],
  );
  const knotsInForce = useMemo(
    () => rules.knots.filter((one) => one.score === score),
    [rules, score],
  );
  const [components, setComponents] = useState<ComponentWeight[]>(inForce);
  const [knots, setKnots] = useState<Knot[]>(knotsInForce);
  const asked = useDeferredValue({ score, components: roundWeights(components), knots });
  const answer = useQuery({
    queryKey: ["whatif", asked],
    queryFn: async ({ signal }) =>
      (await runWhatif({ body: asked, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

  const changed = components !== inForce || knots !== knotsInForce;
  const measures = [...new Set(knots.map((knot) => knot.measure))];
  const setPoints = (measure: string, index: number, points: number) => {
    let seen = -1;
    setKnots(
      knots.map((knot) => {
        if (knot.measure !== measure) return knot;
        seen += 1;
        return seen === index ? { ...knot, points } : knot;
      }),
    );
  };

  return (
    <div className="grid gap-x-10 gap-y-7 lg:grid-cols-[22rem_minmax(0,1fr)] 2xl:grid-cols-[40rem_minmax(0,1fr)]">
      <div className="flex flex-col gap-5">
        <div className="flex h-8 items-center gap-2">
          <span aria-hidden className="text-muted">
            Score
          </span>
          <Select
            label="Score"
            value={score}
            options={[
              { value: "health_score", label: "Health" },
              { value: "churn_risk_score", label: "Churn risk" },
            ]}
            onChange={(value) =>
              onScore(value === "health_score" ? "health_score" : "churn_risk_score")
            }
          />
        </div>
        <Section title="Weights" hint="They add up to 100 %">
          {components.map((one) => (
            <WeightSlider
              key={one.component}
              weight={one}
              onChange={(weight) => setComponents(setWeight(components, one.component, weight))}
            />
          ))}
        </Section>
        <Section title="Curves" hint="Points for each measure; drag a knot">
          <div className="grid gap-x-8 gap-y-3 2xl:grid-cols-2">
            {measures.map((measure) => (
              <CurveEditor
                key={measure}
                measure={measure}
                knots={knots.filter((knot) => knot.measure === measure)}
                onChange={(index, points) => setPoints(measure, index, points)}
              />
            ))}
          </div>
        </Section>
      </div>
      <div className="flex min-w-0 flex-col gap-5 lg:sticky lg:top-16 lg:self-start">
        <div className="flex min-h-8 flex-wrap items-center justify-end gap-2 max-lg:order-last">
          <Button
            disabled={!changed}
            onClick={() => {
              setComponents(inForce);
              setKnots(knotsInForce);
            }}
          >
            <RotateCcw aria-hidden className="size-4" /> As in force
          </Button>
          <Button onClick={() => exportSeeds(rules, score, components, knots)}>
            <Download aria-hidden className="size-4" /> Export as seed files
          </Button>
        </div>
        <Loaded query={answer} loading={<SkeletonLines count={8} />}>
          {(result) => <Outcome answer={result} risky={score === "churn_risk_score"} />}
        </Loaded>
      </div>
    </div>
  );
}

function WeightSlider({
  weight,
  onChange,
}: {
  weight: ComponentWeight;
  onChange: (weight: number) => void;
}) {
  const text = metricText(weight.component);
  return (
    <div className="grid grid-cols-[7rem_1fr_3.5rem] items-center gap-3 py-1.5">
      <span className="truncate" data-tip={text.definition}>
        {text.label}
      </span>
      <Slider.Root
        value={[weight.weight * 100]}
        max={100}
        step={1}
        onValueChange={([value]) => value !== undefined && onChange(value / 100)}
        className="relative flex h-5 touch-none items-center"
      >
        <Slider.Track className="h-1 w-full rounded-full bg-line">
          <Slider.Range className="absolute h-1 rounded-full bg-accent" />
        </Slider.Track>
        <Slider.Thumb
          aria-label={`Weight of ${text.label}`}
          className="block size-4 rounded-full border-2 border-accent bg-surface"
        />
      </Slider.Root>
      <span className="text-right">{formatPercent(Math.round(weight.weight * 1000) / 1000)}</span>
    </div>
  );
}

function exportSeeds(
  rules: Rules,
  score: ScoreName,
  components: ComponentWeight[],
  knots: Knot[],
): void {
  const otherComponents = rules.components.filter((one) => one.score !== score);
  const otherKnots = rules.knots.filter((one) => one.score !== score);
  saveFile(
    "score_component.csv",
    toCsv(
      ["score", "component", "weight"],
      [...roundWeights(components), ...otherComponents].map((one) => [
        one.score,
        one.component,
        one.weight,
      ]),
    ),
  );
  saveFile(
    "score_curve.csv",
    toCsv(
      ["score", "measure", "x", "points"],
      [...knots, ...otherKnots].map((one) => [one.score, one.measure, one.x, one.points]),
    ),
  );
}

function Outcome({ answer, risky }: { answer: WhatIfAnswer; risky: boolean }) {
  const labels = labelsOf(answer);
  return (
    <>
      <Section
        title="Customers by score"
        hint={`Mean ${answer.before.mean === null ? "unknown" : formatScore(answer.before.mean)} before, ${answer.after.mean === null ? "unknown" : formatScore(answer.after.mean)} after`}
        actions={
          <CsvButton
            name="Customers by category"
            columns={[
              "category",
              "customers_before",
              "customers_after",
              "mrr_usd_before",
              "mrr_usd_after",
            ]}
            rows={labels.map((label) => [
              label.name,
              label.customersBefore,
              label.customersAfter,
              label.mrrBefore,
              label.mrrAfter,
            ])}
          />
        }
      >
        <Histogram before={answer.before.histogram} after={answer.after.histogram} />
        <p className="mt-3" aria-live="polite">
          <strong>{plural(answer.customers_changing_label, "customer")}</strong> would change{" "}
          {risky ? "level" : "category"}
          {answer.mrr_changing_label_usd !== null &&
            `, with ${formatMoney(answer.mrr_changing_label_usd)} MRR`}
          .
        </p>
        <Table
          caption="Customers and MRR by category"
          columns={LABEL_COLUMNS}
          rows={labels}
          rowKey={(label) => label.name}
          spacing="pr-6"
          className="mt-2"
        />
      </Section>
      <div className="grid gap-x-10 gap-y-7 sm:grid-cols-2">
        <Movers title="Movers up" movers={answer.movers_up} />
        <Movers title="Movers down" movers={answer.movers_down} />
      </div>
    </>
  );
}

/** The customers and the MRR of a category or level, before and after. */
interface Label {
  name: string;
  customersBefore: number;
  customersAfter: number;
  mrrBefore: number | null;
  mrrAfter: number | null;
}

function labelsOf(answer: WhatIfAnswer): Label[] {
  return answer.after.by_label.map((after) => {
    const before = answer.before.by_label.find((one) => one.name === after.name);
    return {
      name: after.name,
      customersBefore: before?.customers ?? 0,
      customersAfter: after.customers,
      mrrBefore: before?.mrr_usd ?? null,
      mrrAfter: after.mrr_usd,
    };
  });
}

const LABEL_COLUMNS: Column<Label>[] = [
  { name: "Category", nameHidden: true, cell: (label) => <Status word={label.name} /> },
  { name: "Before", numeric: true, cell: (label) => formatCount(label.customersBefore) },
  { name: "After", numeric: true, cell: (label) => formatCount(label.customersAfter) },
  { name: "MRR before", numeric: true, cell: (label) => formatMoney(label.mrrBefore ?? 0) },
  { name: "MRR after", numeric: true, cell: (label) => formatMoney(label.mrrAfter ?? 0) },
];

const MOVER_COLUMNS: CellField<Mover>[] = [
  "customer_id",
  "customer_name",
  "before",
  "after",
  "label_before",
  "label_after",
  "mrr_usd",
];

function Movers({ title, movers }: { title: string; movers: Mover[] }) {
  return (
    <Section
      title={title}
      actions={<CsvOfRows name={title} columns={MOVER_COLUMNS} rows={movers} />}
    >
      {movers.length === 0 ? (
        <Empty title="Nobody moves">Change a weight or a knot.</Empty>
      ) : (
        <ul>
          {movers.map((mover) => (
            <li
              key={mover.customer_id}
              className="flex justify-between gap-3 border-t py-1 first:border-t-0"
            >
              <Link
                to={customerPath(mover.customer_id)}
                className="min-w-0 text-accent hover:underline"
              >
                {mover.customer_name}
              </Link>
              <span className="inline-flex shrink-0 gap-2">
                {formatScore(mover.before)} → {formatScore(mover.after)}
                {mover.label_before !== mover.label_after && <Status word={mover.label_after} />}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
