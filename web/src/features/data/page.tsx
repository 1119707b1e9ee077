import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { getRulesOptions, getStatusOptions } from "@/client/@tanstack/react-query.gen";
import type { Rules, Run, Status as StatusAnswer } from "@/client/types.gen";
import { formatDate, formatDuration, formatTimestamp } from "@/shared/format/date";
import { formatCount } from "@/shared/format/number";
import { CsvButton } from "@/shared/ui/csv-button";
import { cx } from "@/shared/ui/cx";
import { ScrollBox } from "@/shared/ui/scroll-box";
import { PageHeading, Section } from "@/shared/ui/section";
import { SimpleTable } from "@/shared/ui/simple-table";
import { Empty, Loaded, SkeletonLines } from "@/shared/ui/state";
import { Status } from "@/shared/ui/status";
import { DateText, Value } from "@/shared/ui/value";

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
                    rows={data.tables.map((table) => [
                      `${table.schema_name}.${table.table_name}`,
                      table.rows,
                    ])}
                  />
                }
              >
                <SimpleTable
                  label="Tables, with their rows"
                  columns={["Table", "Rows"]}
                  rows={data.tables.map((table) => [
                    `${table.schema_name}.${table.table_name}`,
                    formatCount(table.rows),
                  ])}
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

function Table({
  label,
  head,
  numeric = [],
  children,
}: {
  label: string;
  head: string[];
  /** The columns of numbers, which stand at the right. */
  numeric?: string[];
  children: ReactNode;
}) {
  return (
    <ScrollBox label={label} className="max-h-96">
      <table className="w-full [&_td]:hyphens-auto">
        <thead className="sticky top-0 bg-page text-left text-muted text-xs">
          <tr>
            {head.map((name) => (
              <th
                key={name}
                scope="col"
                className={cx("py-1 pr-4 font-normal", numeric.includes(name) && "text-right")}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </ScrollBox>
  );
}

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
        label="Freshness table"
        head={["Object", "State", "Rows", "Deleted", "Extracted"]}
        numeric={["Rows", "Deleted"]}
      >
        {status.objects.map((object) => (
          <tr key={object.object} className="border-t">
            <th scope="row" className="py-1 pr-4 text-left font-normal">
              {object.object}
            </th>
            <td className="py-1 pr-4">
              <Outcome word={object.status} />
            </td>
            <td className="py-1 pr-4 text-right">
              <Value value={object.rows} unit="count" missing="Never extracted" />
            </td>
            <td className="py-1 pr-4 text-right">
              <Value value={object.rows_deleted} unit="count" missing="Never extracted" />
            </td>
            <td className="py-1">
              <DateText date={object.extracted_at} missing="Never extracted" />
            </td>
          </tr>
        ))}
      </Table>
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
        <Table label="Tests that did not pass" head={["Test", "Result", "Rows"]} numeric={["Rows"]}>
          {notPassed.map((test) => (
            <tr key={test.test} className="border-t">
              <th scope="row" className="py-1 pr-4 text-left font-normal">
                {test.test}
              </th>
              <td className="py-1 pr-4">
                <Outcome word={test.status} />
              </td>
              <td className="py-1 pr-4 text-right">{formatCount(test.failures)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

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
      {status.data_quality.length === 0 ? (
        <Empty title="Every value could be used" />
      ) : (
        <Table
          label="Rejected and repaired values, table"
          head={["Field", "Reason", "Rows", "Examples"]}
          numeric={["Rows"]}
        >
          {status.data_quality.map((issue) => (
            <tr
              key={`${issue.object}.${issue.field}.${issue.reason}`}
              className="border-t align-top"
            >
              <th scope="row" className="py-1 pr-4 text-left font-normal">
                {issue.object}.<wbr />
                {issue.field}
              </th>
              <td className="w-2/5 min-w-32 py-1 pr-4">{issue.reason}</td>
              <td className="py-1 pr-4 text-right">{formatCount(issue.count)}</td>
              <td
                className="w-1/4 min-w-24 max-w-0 truncate py-1 text-muted"
                data-tip={issue.examples.join("\n")}
              >
                {issue.examples.join(", ")}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

function RulesInForce({ rules }: { rules: Rules }) {
  return (
    <Section
      title="Rules in force"
      hint="Rows of the seed files"
      actions={
        <CsvButton
          name="Rules in force"
          columns={["rule", "severity", "when", "says_or_does"]}
          rows={[
            ...rules.alert_rules.map((rule) => [
              rule.alert_code,
              rule.severity,
              rule.condition,
              rule.message,
            ]),
            ...rules.recommendation_rules.map((rule) => [
              rule.rule_id,
              rule.priority,
              rule.conditions.join(" and "),
              rule.action,
            ]),
          ]}
        />
      }
    >
      <Table label="Rules in force, table" head={["Rule", "Severity", "When", "Says or does"]}>
        {rules.alert_rules.map((rule) => (
          <tr
            key={`${rule.alert_code} ${rule.severity} ${rule.condition}`}
            className="border-t align-top"
          >
            <th scope="row" className="py-1 pr-4 text-left font-normal">
              {rule.alert_code}
            </th>
            <td className="py-1 pr-4">
              <Status word={rule.severity} />
            </td>
            <td className="wrap-anywhere py-1 pr-4">{rule.condition}</td>
            <td className="wrap-anywhere py-1 text-soft">{rule.message}</td>
          </tr>
        ))}
        {rules.recommendation_rules.map((rule) => (
          <tr key={rule.rule_id} className="border-t align-top">
            <th scope="row" className="py-1 pr-4 text-left font-normal">
              {rule.rule_id}
            </th>
            <td className="py-1 pr-4">
              <Status word={rule.priority} />
            </td>
            <td className="wrap-anywhere py-1 pr-4">{rule.conditions.join(" and ")}</td>
            <td className="wrap-anywhere py-1 text-soft">{rule.action}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
