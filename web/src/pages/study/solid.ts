import type { Series, Study } from "../../api/types";

const slices: readonly string[] = ["CT", "MR", "PT"]; // modalities of which a block can be made

// solids are the series that a 3-D model may be made of, the likeliest first; the node says
// of each whether it can.
export const solids = (study: Study): Series[] => (study.seriesList ?? []).filter(({ modality }) => slices.includes(modality))
  .sort((a, b) => slices.indexOf(a.modality) - slices.indexOf(b.modality) || b.instances - a.instances);
