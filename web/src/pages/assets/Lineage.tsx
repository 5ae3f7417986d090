import { useState } from "react";
import { useAsked } from "../../api/ask";
import { get, list, part } from "../../api/client";
import type { Asset, Event, Granted, Order, Study } from "../../api/types";
import { Answer } from "../../ui/Answer";
import { Id } from "../../ui/Id";
import { t, time, word } from "../../words/words";
import "./lineage.css";
import { lineage, type Node } from "./lineage";

const most = 1000; // events: those of a release are few, but for one whose key is asked for again and again

// Lineage draws where a copy comes from and what became of it. The list beside says the
// same without a picture.
export default function Lineage({ asset, order, grant }: { asset: Asset; order: Order | undefined; grant: Granted | undefined }) {
  const asked = useAsked(async (signal) => {
    const [study, events] = await Promise.all([
      get<Study>(`studies/${part(asset.study)}`, signal),
      list<Event>(`audit?person=${part(asset.person)}&subject=${part(asset.id)}&limit=${most}`, signal),
    ]);
    return lineage({ study, asset, order, grant, events });
  }, [asset.id, asset.updated, order?.updated]);
  return <Answer to={asked}>{(nodes) => <Graph of={nodes} asset={asset} />}</Answer>;
}

const [row, lane, left, dot] = [64, 34, 20, 9]; // px: height of a row, between lanes, to the first lane, radius

const x = (node: Node): number => left + node.lane * lane;
const y = (i: number): number => i * row + row / 2;

const short = (hash: string): string => (hash.length > 16 ? `${hash.slice(0, 8)}…${hash.slice(-4)}` : hash);

const nameOf = (node: Node): string => word("lineage", node.kind);

// Told is when it was and its hash, for which a narrow screen has no room if both are there.
const Told = ({ of: { at, hash } }: { of: Node }) => <>{at && time(at)}{hash && <tspan className={at && "more"}>{at && " · "}{short(hash)}</tspan>}</>;

function Graph({ of: nodes, asset }: { of: readonly Node[]; asset: Asset }) {
  const [at, go] = useState(nodes.length - 1);
  const chosen = nodes[Math.min(at, nodes.length - 1)];
  const texts = left + 2 * lane;
  return (
    <div className="lineage">
      <svg width="100%" height={nodes.length * row} role="group" aria-label={t("lineage.title")}>
        {nodes.flatMap((node, i) => node.from.map((from) => nodes[from] && <path key={`${from} ${i}`} className="edge" d={edge(nodes[from], from, node, i)} />))}
        {nodes.map((node, i) => (
          <g key={node.kind + node.hash} className={node.kind} role="button" tabIndex={0} aria-pressed={i === at}
            onClick={() => { go(i); }}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              go(i);
            }}>
            <rect x={1} y={i * row + 3} width="calc(100% - 2px)" height={row - 6} rx={8} />
            <circle cx={x(node)} cy={y(i)} r={dot} />
            <text x={texts} y={y(i) - 4}>{nameOf(node)} </text>
            <text className="quiet" x={texts} y={y(i) + 16}><Told of={node} /></text>
          </g>
        ))}
      </svg>
      {chosen && (
        <div className="chosen" aria-live="polite">
          <p><strong>{nameOf(chosen)}</strong></p>
          <p>{t(`lineage.means.${chosen.kind}`, { profile: asset.profile })}</p>
          {chosen.at && <p className="small">{time(chosen.at)}</p>}
          {chosen.hash && <Id of={chosen.hash} label={nameOf(chosen)} />}
        </div>
      )}
      <details>
        <summary>{t("lineage.list")}</summary>
        <ol className="reasons">
          {nodes.map((node) => (
            <li key={node.kind + node.hash}>
              <strong>{nameOf(node)}</strong> {[node.at && time(node.at), node.from.length > 0 && t("lineage.from", { what: node.from.map((from) => nodes[from] && nameOf(nodes[from])).join(", ") })].filter(Boolean).join(" · ")}
              {node.hash && <> <code>{node.hash}</code></>}
            </li>
          ))}
        </ol>
      </details>
    </div>
  );
}

// edge goes down in its lane, and over to the other in the last row.
function edge(from: Node, i: number, to: Node, j: number): string {
  const [x0, y0, x1, y1] = [x(from), y(i) + dot, x(to), y(j) - dot];
  if (x0 === x1) return `M${x0} ${y0}V${y1}`;
  const bend = to.lane > from.lane ? y0 : y1 - row / 2;
  return `M${x0} ${y0}V${bend}C${x0} ${bend + row / 3} ${x1} ${bend + 4} ${x1} ${bend + row / 2}V${y1}`;
}
