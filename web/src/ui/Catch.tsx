import { Component, type ReactNode } from "react";
import { t } from "../words/words";
import { Failure } from "./Failure";

// Catch shows that a part of the page made a mistake, or did not come, in its place: the
// rest of the page goes on.
export class Catch extends Component<{ children: ReactNode }, { mistake?: unknown }> {
  override state: { mistake?: unknown } = {};

  static getDerivedStateFromError(mistake: unknown): { mistake: unknown } {
    return { mistake };
  }

  override render(): ReactNode {
    if (!("mistake" in this.state)) return this.props.children;
    return <div className="stack"><Failure of={this.state.mistake} /><button type="button" onClick={() => { location.reload(); }}>{t("state.again")}</button></div>;
  }
}
