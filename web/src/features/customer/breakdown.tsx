import { ChevronRight, TableProperties } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Contribution, Score } from "@/client/types.gen";
import type { CellField } from "@/shared/csv";
import { metricText } from "@/shared/format/metric";
import { formatPercent, formatScore } from "@/shared/format/number";
import { formatUnit } from "@/shared/format/unit";
import { CsvOfRows } from "@/shared/ui/csv-button";
import { cx } from "@/shared/ui/cx";
import { Section } from "@/shared/ui/section";
import { Empty } from "@/shared/ui/state";
import { type Column, Table } from "@/shared/ui/table";
import { Delta, Missing } from "@/shared/ui/value";

const Evidence = lazy(async () => ({ default: (await import("./evidence")).Evidence }));

export type ScoreName = "health_score" | "churn_risk_score";

const COLUMNS: CellField<Contribution>[] = [
  "score",
  "component",
  "measure",
  "value",
  "points",
  "weight",
  "contribution",
  "change",
  "driver",
];

interface Part {
  component: string;
  contribution: number;
  /** The most this component can add, after the weights of missing ones were spread. */
  most: number;
  /** Its part of the score's change since the scored date before; null when there was none. */
  change: number | null;
  measures: Contribution[];
}

/** Contributions grouped by component, the component that takes most away from a perfect score first. */
export function groupByComponent(contributions: Contribution[]): Part[] {
  const parts = new Map<string, Part>();
  for (const one of contributions) {
    const part = parts.get(one.component) ?? {
      component: one.component,
      contribution: 0,
      most: 0,
      change: null,
      measures: [],
    };
    part.contribution += one.contribution ?? 0;
    part.most += (one.weight ?? 0) * 100;
    if (one.change !== null) part.change = (part.change ?? 0) + one.change;
    part.measures.push(one);
    parts.set(one.component, part);
  }
  return [...parts.values()].sort((one, other) => other.most - one.most);
}

/** Why the score is what it is: parts that add up, each open to its measures and their source rows. */
export function Breakdown({
  customerId,
  health,
  churn,
  contributions,
}: {
  customerId: string;
  health: Score;
  churn: Score;
  contributions: Contribution[];
}) {
  const [score, setScore] = useState<ScoreName>("health_score");
  const [measure, setMeasure] = useState<string | null>(null);
  const shown = score === "health_score" ? health : churn;
  const contributing = contributions.filter((one) => one.score === score);
  const parts = groupByComponent(contributing);
  const title = shown.value === null ? "Why is it unknown?" : `Why ${formatScore(shown.value)}?`;

  return (
    <Section
      title={title}
      hint={
        score === "health_score"
          ? "Points out of 100, higher is better"
          : "Points out of 100, higher is riskier"
      }
      actions={
        <>
          <ScoreSwitch score={score} onChange={setScore} />
          <CsvOfRows
            name={score === "health_score" ? "Health by measure" : "Churn risk by measure"}
            columns={COLUMNS}
            rows={contributing}
          />
        </>
      }
    >
      {parts.length === 0 ? (
        <Empty title="No measure could be computed">
          The customer has no invoices, cases, usage or contact on record up to this date.
        </Empty>
      ) : (
        <ul>
          {parts.map((part) => (
            <ComponentRow
              key={part.component}
              part={part}
              risky={score === "churn_risk_score"}
              since={shown.previous_as_of}
              onEvidence={setMeasure}
            />
          ))}
          <li className="grid grid-cols-[1fr_auto_5rem] items-center gap-2 border-t py-1.5 pl-6">
            <strong>{score === "health_score" ? "Health" : "Churn risk"}</strong>
            <Delta
              change={
                shown.value !== null && shown.previous_value !== null
                  ? shown.value - shown.previous_value
                  : null
              }
              unit="score"
              since={shown.previous_as_of}
              better={score === "health_score" ? "up" : "down"}
            />
            <strong className="text-right">
              {shown.value === null ? (
                <Missing reason={`${formatPercent(shown.coverage ?? 0)} covered; it takes half`} />
              ) : (
                formatScore(shown.value)
              )}
            </strong>
          </li>
        </ul>
      )}
      <Suspense>
        {measure && (
          <Evidence customerId={customerId} measure={measure} onClose={() => setMeasure(null)} />
        )}
      </Suspense>
    </Section>
  );
}

function ScoreSwitch({
  score,
  onChange,
}: {
  score: ScoreName;
  onChange: (score: ScoreName) => void;
}) {
  const names = { health_score: "Health", churn_risk_score: "Churn risk" } as const;
  return (
    <fieldset className="flex rounded-md bg-sunken p-0.5">
      <legend className="sr-only">Score</legend>
      {(Object.keys(names) as ScoreName[]).map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === score}
          onClick={() => onChange(name)}
          className={cx(
            "rounded-sm px-2 py-0.5 text-xs",
            name === score ? "bg-surface font-strong" : "text-soft hover:text-ink",
          )}
        >
          {names[name]}
        </button>
      ))}
    </fieldset>
  );
}

function ComponentRow({
  part,
  risky,
  since,
  onEvidence,
}: {
  part: Part;
  risky: boolean;
  since: string | null;
  onEvidence: (measure: string) => void;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const text = metricText(part.component);
  const share = part.most === 0 ? 0 : part.contribution / part.most;
  const worrying = risky ? share >= 0.4 : share < 0.5;
  return (
    <li className="border-t first:border-t-0">
      {/* Closed parts hold no rows: most are never opened, and all would be drawn at the start. */}
      <details className="group" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary className="grid list-none grid-cols-[1rem_minmax(5rem,8rem)_1fr_3.5rem_5rem] items-center gap-2 py-1.5 hover:bg-sunken">
          <ChevronRight
            aria-hidden
            className="size-4 text-muted transition-transform group-open:rotate-90"
          />
          <span className="truncate" data-tip={text.definition}>
            {text.label}
          </span>
          <span aria-hidden className="h-2.5 bg-sunken">
            <span
              className={cx("block h-full", worrying ? "bg-bad" : "bg-soft")}
              style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }}
            />
          </span>
          <span className="text-right">
            <Delta
              change={part.change}
              unit="score"
              since={since}
              better={risky ? "down" : "up"}
              short
            />
          </span>
          <span className="text-right">
            {formatScore(part.contribution)}
            <span className="text-muted"> / {Math.round(part.most * 10) / 10}</span>
          </span>
        </summary>
        {isOpen && (
          <Table
            caption={`Measures of ${text.label}`}
            columns={measureColumns(onEvidence)}
            rows={part.measures}
            rowKey={(one) => one.measure}
            spacing=""
            className="mb-2 ml-6 w-[calc(100%-1.5rem)] text-soft"
            headClassName="sr-only"
          />
        )}
      </details>
    </li>
  );
}

function measureColumns(onEvidence: (measure: string) => void): Column<Contribution>[] {
  return [
    {
      name: "Measure",
      cell: (one) => {
        const text = metricText(one.measure);
        return (
          <span className="block" data-tip={text.definition}>
            {text.label}
            <span className="block text-muted text-xs">{one.driver}</span>
          </span>
        );
      },
    },
    {
      name: "Value",
      numeric: true,
      cell: (one) =>
        one.value === null ? (
          <Missing reason="No records" />
        ) : (
          formatUnit(one.value, metricText(one.measure).unit)
        ),
      className: "w-20 align-top",
    },
    {
      name: "Adds",
      numeric: true,
      cell: (one) =>
        one.contribution === null ? (
          <Missing reason="Left out: its weight goes to the other measures" />
        ) : (
          <span
            data-tip={`${formatScore(one.points ?? 0)} points × weight ${formatPercent(one.weight ?? 0)}`}
          >
            adds {formatScore(one.contribution)}
          </span>
        ),
      className: "w-28 align-top",
    },
    {
      name: "Source rows",
      numeric: true,
      cell: (one) => (
        <button
          type="button"
          aria-label={`Source rows of ${metricText(one.measure).label}`}
          data-tip="Source rows"
          onClick={() => onEvidence(one.measure)}
          className="-my-0.5 inline-flex size-7 items-center justify-center rounded-sm text-accent hover:bg-accent-soft"
        >
          <TableProperties aria-hidden className="size-4" />
        </button>
      ),
      className: "w-9 pl-1 align-top",
    },
  ];
}
