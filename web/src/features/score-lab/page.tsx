import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getBacktestOptions, getRulesOptions } from "@/client/@tanstack/react-query.gen";
import { PageHeading } from "@/shared/ui/section";
import { Loaded, SkeletonLines } from "@/shared/ui/state";
import { Backtest } from "./backtest";
import { Lab } from "./lab";

export type ScoreName = "health_score" | "churn_risk_score";

export function ScoreLabPage() {
  const rules = useQuery(getRulesOptions());
  const backtest = useQuery(getBacktestOptions());
  const [score, setScore] = useState<ScoreName>("health_score");
  return (
    <>
      <PageHeading title="Score lab">
        Change weights and curves and see at once who moves. Nothing is saved; export the seed files
        to commit a change.
      </PageHeading>
      <Loaded query={rules} loading={<SkeletonLines count={10} />}>
        {(inForce) => <Lab key={score} rules={inForce} score={score} onScore={setScore} />}
      </Loaded>
      <Loaded query={backtest} loading={<SkeletonLines count={6} className="mt-8" />}>
        {(graded) => <Backtest backtest={graded} />}
      </Loaded>
    </>
  );
}
