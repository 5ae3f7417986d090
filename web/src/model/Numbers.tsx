import { useWork } from "../api/work";
import { blob } from "../api/client";
import { Failure } from "../ui/Failure";
import { Panel } from "../ui/Panel";
import { save } from "../ui/save";
import { Table } from "../ui/Table";
import { bytes, decimal, number, t } from "../words/words";
import { kindSays, type Named, sizeSays, titleOf } from "./says";
import type { Layer } from "./state";
import { type Model, query } from "./useModels";

const formats = [["glb", "model/gltf-binary"], ["stl", "model/stl"], ["3mf", "model/3mf"]] as const;

type Props = { address: string; named: Named; triangles: number; layers: readonly Layer[]; models: readonly (Model | undefined)[] };

// Numbers are what the models measure, and buttons that save them.
export function Numbers({ address, named, triangles, layers, models }: Props) {
  const work = useWork();
  const found = layers.flatMap((layer, i) => { const model = models[i]; return model ? [{ layer, model }] : []; });
  const store = (layer: Layer, model: Model, [ending, media]: (typeof formats)[number]): void => {
    void work.run(async () => {
      save(`model-${layer.kind}.${ending}`, ending === "glb" ? model.file : await blob(`${address}${query(layer, triangles, ending)}`), media);
    });
  };
  const rows = found.map(({ layer, model: { figures } }) => ({ name: kindSays(layer, figures.hounsfield, named), figures }));
  const row = (name: string, value: (of: Model["figures"]) => string) => (
    <tr key={name}><th scope="row">{name}</th>{rows.map((one, i) => <td key={i} className="number">{value(one.figures)}</td>)}</tr>
  );
  if (!found.length) return null;
  return (
    <Panel title={t("model.numbers")} className="numbers">
      <Table label={t("model.numbers")} columns={[[t("model.what")], ...rows.map(({ name }, i) => [`${rows.length > 1 ? `${i + 1}. ` : ""}${name}`, "number"] as const)]}>
        {row(t("model.volume"), ({ volumeCm3 }) => t("model.cm3", { n: decimal(volumeCm3) }))}
        {row(t("model.area"), ({ areaCm2 }) => t("model.cm2", { n: decimal(areaCm2) }))}
        {row(t("model.size"), sizeSays)}
        {row(t("model.triangleCount"), (of) => number(of.triangles))}
        {row(t("model.parts"), (of) => number(of.parts))}
        {row(t("model.watertight"), (of) => t(of.watertight ? "model.closed" : "model.open"))}
        {row(t("model.madeOf"), (of) => t("model.slices", { n: of.slices, voxel: of.voxelMm.map((side) => number(side, { maximumFractionDigits: 2 })).join(" × ") }))}
      </Table>
      {found.map(({ layer, model }, i) => (
        <div key={i} className="tools" role="group" aria-label={t("model.saveOf", { name: kindSays(layer, model.figures.hounsfield, named) })}>
          <span>{t("model.saveOf", { name: titleOf(layer, named) })}</span>
          {formats.map((format) => (
            <button key={format[0]} type="button" disabled={work.busy} onClick={() => { store(layer, model, format); }}>
              {format[0].toUpperCase()}{format[0] === "glb" && <span className="small">{bytes(model.file.size)}</span>}
            </button>
          ))}
        </div>
      ))}
      {work.busy && <p role="status">{t("model.saving")}</p>}
      {work.failure !== null && <Failure of={work.failure} />}
      <p className="small">{t("model.saved")}</p>
    </Panel>
  );
}
