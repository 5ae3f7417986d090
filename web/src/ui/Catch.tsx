import { Component, type ReactNode } from "react";
import { Problem } from "../api/client";
import { t } from "../words/words";
import { Failure } from "./Failure";

// away tells that a part of the page did not come, in the words of each browser.
const away = /dynamically imported module|importing a module|preload css/i;

const why = (mistake: unknown): unknown => (mistake instanceof Error && away.test(mistake.message) ? new Problem({}) : mistake);

// Catch shows that a part of the page made a mistake, or did not come, in its place: the
// rest of the page goes on. title is what would be there.
export class Catch extends Component<{ title: string; children: ReactNode }, { mistake?: unknown }> {
  override state: { mistake?: unknown } = {};

  static getDerivedStateFromError(mistake: unknown): { mistake: unknown } {
    return { mistake };
  }

  override render(): ReactNode {
    if (!("mistake" in this.state)) return this.props.children;
    return <div className="page"><h1>{this.props.title}</h1><Failure of={why(this.state.mistake)} /><button type="button" onClick={() => { location.reload(); }}>{t("state.again")}</button></div>;
  }
}
