import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import { getRulesOptions, getStatusOptions } from "@/client/@tanstack/react-query.gen";
import type { Rules, Run, Status as StatusAnswer } from "@/client/types.gen";
import { formatDate, formatDuration, formatTimestamp } from "@/shared/format/date";
import { formatCount } from "@/shared/format/number";
import { CsvButton } from "@/shared/ui/csv-button";
import { PageHeading, Section } from "@/shared/ui/section";
import { Empty, Loaded, SkeletonLines } from "@/shared/ui/state";
import { Status } from "@/shared/ui/status";
import { type Column, Table } from "@/shared/ui/table";
import { DateText, Value } from "@/shared/ui/value";

function nameOf(table: StatusAnswer["tables"][number]): string {
  return `${table.schema_name}.${table.table_name}`;
}

const TABLE_COLUMNS: Column<StatusAnswer["tables"][number]>[] = [
  { name: "Table", cell: nameOf, sortBy: nameOf },
  {
    name: "Rows",
    numeric: true,
    cell: (table) => formatCount(table.rows),
    sortBy: (table) => table.rows,
  },
];

/** How the larger tables of the page stand in their columns. */
const LARGE = { scroll: "max-h-96", className: "w-full [&_td]:hyphens-auto" };

export function DataPage() {
  const status = useQuery(getStatusOptions());
  const rules = useQuery(getRulesOptions());
  return (
    <Loaded
      query={status}
      loading={
        <>
          <PageHeading title="Data" />
          <SkeletonLines count={12} />
        </>
      }
    >
      {(data) => (
        <>
          <PageHeading title="Data">
            As of {formatDate(data.as_of)}, published {formatTimestamp(data.published_at)}. Build{" "}
            <code className="select-all font-sans text-muted">{data.build_id}</code>
          </PageHeading>
          <div className="grid gap-x-10 gap-y-7 lg:grid-cols-2">
            <div className="flex min-w-0 flex-col gap-7">
              <Freshness status={data} />
              <Tests status={data} />
              <Section
                title="Tables"
                hint="Rows in the published warehouse"
                actions={
                  <CsvButton
                    name="Tables"
                    columns={["table", "rows"]}
                    rows={data.tables.map((table) => [nameOf(table), table.rows])}
                  />
                }
              >
                <Table
                  caption="Tables, with their rows"
                  columns={TABLE_COLUMNS}
                  rows={data.tables}
                  rowKey={nameOf}
                  scroll="max-h-72"
                  spacing="pr-3"
                  className="w-full"
                />
              </Section>
            </div>
            <div className="flex min-w-0 flex-col gap-7">
              <Runs runs={data.runs} />
              <Quality status={data} />
              <Loaded query={rules} loading={<SkeletonLines count={6} />}>
                {(inForce) => <RulesInForce rules={inForce} />}
              </Loaded>
            </div>
          </div>
        </>
      )}
    </Loaded>
  );
}

const OUTCOMES: Record<string, { icon: typeof CircleCheck; look: string }> = {
  good: { icon: CircleCheck, look: "text-good" },
  warn: { icon: TriangleAlert, look: "text-warn" },
  bad: { icon: CircleX, look: "text-bad" },
};

/** How a run, a stage or an extraction ended, as an icon and the word the log uses. */
function Outcome({ word }: { word: string }) {
  const kind = /^(complete|success|succeeded|pass|passed|published|done|ok)$/.test(word)
    ? "good"
    : /^(warn|warned|missing|incomplete|running|skipped|partial)$/.test(word)
      ? "warn"
      : "bad";
  const outcome = OUTCOMES[kind];
  const Icon = outcome?.icon ?? TriangleAlert;
  return (
    <span className={`inline-flex items-center gap-1.5 ${outcome?.look}`}>
      <Icon aria-hidden className="size-3.5" />
      {word}
    </span>
  );
}

const OBJECT_COLUMNS: Column<StatusAnswer["objects"][number]>[] = [
  { name: "Object", cell: (object) => object.object, sortBy: (object) => object.object },
  {
    name: "State",
    cell: (object) => <Outcome word={object.status} />,
    sortBy: (object) => object.status,
  },
  {
    name: "Rows",
    numeric: true,
    cell: (object) => <Value value={object.rows} unit="count" missing="Never extracted" />,
    sortBy: (object) => object.rows,
  },
  {
    name: "Deleted",
    numeric: true,
    cell: (object) => <Value value={object.rows_deleted} unit="count" missing="Never extracted" />,
    sortBy: (object) => object.rows_deleted,
  },
  {
    name: "Extracted",
    cell: (object) => <DateText date={object.extracted_at} missing="Never extracted" />,
    sortBy: (object) => object.extracted_at,
  },
];

function Freshness({ status }: { status: StatusAnswer }) {
  return (
    <Section
      title="Freshness"
      hint="By Salesforce object"
      actions={
        <CsvButton
          name="Freshness"
          columns={["object", "status", "rows", "rows_deleted", "extracted_at"]}
          rows={status.objects.map((object) => [
            object.object,
            object.status,
            object.rows,
            object.rows_deleted,
            object.extracted_at,
          ])}
        />
      }
    >
      <Table
        caption="Freshness table"
        columns={OBJECT_COLUMNS}
        rows={status.objects}
        rowKey={(object) => object.object}
        {...LARGE}
      />
    </Section>
  );
}

function Runs({ runs }: { runs: Run[] }) {
  return (
    <Section
      title="Last runs"
      hint="With the time of each stage"
      actions={
        <CsvButton
          name="Last runs"
          columns={["run_id", "status", "started_at", "finished_at", "seconds", "build_id"]}
          rows={runs.map((run) => [
            run.run_id,
            run.status,
            run.started_at,
            run.finished_at,
            run.seconds,
            run.build_id,
          ])}
        />
      }
    >
      {runs.length === 0 ? (
        <Empty title="No run is on record" />
      ) : (
        <ul>
          {runs.map((run) => (
            <li key={run.run_id} className="border-t py-1.5 first:border-t-0">
              <p className="flex flex-wrap justify-between gap-x-4">
                <span className="inline-flex gap-3">
                  <Outcome word={run.status} /> {formatTimestamp(run.started_at)}
                </span>
                <span>{run.seconds !== null && formatDuration(run.seconds)}</span>
              </p>
              <p className="text-muted text-xs">
                {run.stages
                  .filter((stage) => stage.status !== "running" || run.finished_at === null)
                  .map(
                    (stage) =>
                      `${stage.stage} ${stage.seconds === null ? stage.status : formatDuration(stage.seconds)}`,
                  )
                  .join(" · ")}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const TEST_COLUMNS: Column<StatusAnswer["tests"]["not_passed"][number]>[] = [
  { name: "Test", cell: (test) => test.test, sortBy: (test) => test.test },
  { name: "Result", cell: (test) => <Outcome word={test.status} />, sortBy: (test) => test.status },
  {
    name: "Rows",
    numeric: true,
    cell: (test) => formatCount(test.failures),
    sortBy: (test) => test.failures,
    className: "last:pr-4",
  },
];

function Tests({ status }: { status: StatusAnswer }) {
  const { passed, warned, failed, not_passed: notPassed } = status.tests;
  return (
    <Section
      title="Tests of the published build"
      hint={`${formatCount(passed)} passed, ${formatCount(warned)} warned, ${formatCount(failed)} failed`}
      actions={
        notPassed.length > 0 && (
          <CsvButton
            name="Tests that did not pass"
            columns={["test", "status", "failures", "message"]}
            rows={notPassed.map((test) => [test.test, test.status, test.failures, test.message])}
          />
        )
      }
    >
      {notPassed.length === 0 ? (
        <p className="py-2">
          <Outcome word="passed" />
        </p>
      ) : (
        <Table
          caption="Tests that did not pass"
          columns={TEST_COLUMNS}
          rows={notPassed}
          rowKey={(test) => test.test}
          {...LARGE}
        />
      )}
    </Section>
  );
}

const ISSUE_COLUMNS: Column<StatusAnswer["data_quality"][number]>[] = [
  {
    name: "Field",
    cell: (issue) => (
      <>
        {issue.object}.<wbr />
        {issue.field}
      </>
    ),
    sortBy: (issue) => `${issue.object}.${issue.field}`,
  },
  {
    name: "Reason",
    cell: (issue) => issue.reason,
    sortBy: (issue) => issue.reason,
    className: "w-2/5 min-w-32",
  },
  {
    name: "Rows",
    numeric: true,
    cell: (issue) => formatCount(issue.count),
    sortBy: (issue) => issue.count,
  },
  {
    name: "Examples",
    cell: (issue) => <span data-tip={issue.examples.join("\n")}>{issue.examples.join(", ")}</span>,
    className: "w-1/4 min-w-24 max-w-0",
    cellClassName: "truncate text-muted",
  },
];

function Quality({ status }: { status: StatusAnswer }) {
  return (
    <Section
      title="Rejected and repaired values"
      hint="By field"
      actions={
        <CsvButton
          name="Rejected and repaired values"
          columns={["object", "field", "reason", "count", "examples"]}
          rows={status.data_quality.map((issue) => [
            issue.object,
            issue.field,
            issue.reason,
            issue.count,
            issue.examples.join("; "),
          ])}
        />
      }
    >
      <Table
        caption="Rejected and repaired values, table"
        columns={ISSUE_COLUMNS}
        rows={status.data_quality}
        rowKey={(issue) => `${issue.object}.${issue.field}.${issue.reason}`}
        empty={<Empty title="Every value could be used" />}
        rowClassName="align-top"
        {...LARGE}
      />
    </Section>
  );
}

/** An alert or a recommendation, as the table shows both. */
interface Rule {
  name: string;
  severity: string;
  when: string;
  saysOrDoes: string;
}

const RULE_COLUMNS: Column<Rule>[] = [
  { name: "Rule", cell: (rule) => rule.name, sortBy: (rule) => rule.name },
  { name: "Severity", cell: (rule) => <Status word={rule.severity} /> },
  { name: "When", cell: (rule) => rule.when, cellClassName: "wrap-anywhere" },
  {
    name: "Says or does",
    cell: (rule) => rule.saysOrDoes,
    cellClassName: "wrap-anywhere text-soft",
  },
];

function RulesInForce({ rules }: { rules: Rules }) {
  const rows: Rule[] = [
    ...rules.alert_rules.map((rule) => ({
      name: rule.alert_code,
      severity: rule.severity,
      when: `${rule.condition} (${rule.stages.join(", ")})`,
      saysOrDoes: rule.message,
    })),
    ...rules.recommendation_rules.map((rule) => ({
      name: rule.rule_id,
      severity: rule.priority,
      when: `${rule.conditions.join(" and ")} (${rule.stages.join(", ")})`,
      saysOrDoes: rule.action,
    })),
  ];
  return (
    <Section
      title="Rules in force"
      hint="Rows of the seed files"
      actions={
        <CsvButton
          name="Rules in force"
          columns={["rule", "severity", "when", "says_or_does"]}
          rows={rows.map((rule) => [rule.name, rule.severity, rule.when, rule.saysOrDoes])}
        />
      }
    >
      <Table
        caption="Rules in force, table"
        columns={RULE_COLUMNS}
        rows={rows}
        rowKey={(rule) => `${rule.name} ${rule.severity} ${rule.when}`}
        rowClassName="align-top"
        {...LARGE}
      />
    </Section>
  );
}
