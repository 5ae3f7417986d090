package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/format/mesh"
	"sinso.dev/sinso/internal/stage/model"
)

// Surface models of a series: for who may open the original, made when they ask, and kept
// nowhere. That the series was opened is written down.

// forModel is what a series is opened for, as it is written down.
const forModel = "model"

// maxModels is how many are made or given out at once. One may take a gigabyte.
const maxModels = 2

// figuresHeader holds the figures of a model that is given out, as the JSON of the route
// that measures.
const figuresHeader = "Model-Figures"

// modelFormats are the forms in which a model is given out.
var modelFormats = []struct {
	name, media string
	write       func(*mesh.Mesh, io.Writer) error
}{
	{"glb", "model/gltf-binary", (*mesh.Mesh).WriteGLB},
	{"stl", "model/stl", (*mesh.Mesh).WriteSTL},
	{"3mf", "model/3mf", (*mesh.Mesh).Write3MF},
}

// byModel are the parameters of both routes.
var byModel = []param{
	{name: "kind", says: "bone, skin, threshold or segment; bone if not given"},
	{name: "threshold", says: "the least value that belongs to the model, in HU of CT, else as rescaled; 250 for bone and -300 for skin of CT if not given", number: true},
	{name: "segmentation", says: "of a segment: the record that it is of"},
	{name: "segment", says: "of a segment: its number", number: true},
	{name: "triangles", says: "at most so many, 1,000 to 4,000,000; 500,000 if not given", number: true},
}

func (s *Server) models() []route {
	path := api + "/studies/{study}/series/{series}/model"
	format := param{name: "format", says: "glb (metres, Y up), stl or 3mf (both in mm, patient coordinates); glb if not given"}
	return []route{
		{"GET", path, "model", signedIn, "a surface model of a series, its figures in the header " + figuresHeader + "; that the series was opened is written down", append(slices.Clone(byModel), format), raw(http.StatusOK, "model/gltf-binary", (*call).model)},
		{"GET", api + "/studies/{study}/series/{series}/segmentations", "segmentations", signedIn, "segmentations of a series of which models can be made, and their segments: the first 16 of the study are looked into, and it is said how many more there are; that they were opened is written down", nil, answer((*call).segmentations)},
		{"GET", path + "/measure", "measureModel", signedIn, "what that model measures; that the series was opened is written down", byModel, answer((*call).measureModel)},
	}
}

func (c *call) model() error {
	asked := c.r.URL.Query().Get("format")
	if asked == "" {
		asked = modelFormats[0].name
	}
	for _, format := range modelFormats {
		if format.name != asked {
			continue
		}
		made, figures, leave, err := c.makeModel()
		if err != nil {
			return err
		}
		defer leave()
		told, err := json.Marshal(figures)
		if err != nil {
			return fmt.Errorf("serve: model: %w", err)
		}
		h := c.w.Header()
		h.Set("Content-Type", format.media)
		h.Set("Content-Disposition", `attachment; filename="`+c.r.PathValue("series")+"."+format.name+`"`)
		h.Set(figuresHeader, string(told))
		_ = format.write(made, c.w) // the caller may have gone
		return nil
	}
	return invalid("format is glb, stl or 3mf")
}

func (c *call) measureModel() (model.Figures, error) {
	_, figures, leave, err := c.makeModel()
	if err != nil {
		return figures, err
	}
	leave()
	return figures, nil
}

// makeModel makes the model that is asked for; leave gives the place back.
func (c *call) makeModel() (made *mesh.Mesh, figures model.Figures, leave func(), err error) {
	rows, err := c.seriesRows()
	if err != nil {
		return nil, figures, nil, err
	}
	options, outlines, err := c.modelOptions(rows[0])
	if err == nil {
		err = model.Fits(rows)
	}
	if err != nil {
		return nil, figures, nil, err
	}
	select {
	case c.modelling <- struct{}{}:
		leave = func() { <-c.modelling }
	default:
		return nil, figures, nil, fmt.Errorf("serve: %d models at once: %w", maxModels, sinso.ErrBusy)
	}
	if err = c.opening(append(outlines, rows[0])); err == nil {
		made, figures, err = model.Make(c.ctx(), len(rows), func(ctx context.Context, n int) ([]byte, error) {
			done, err := c.enter(c.reads)
			if err != nil {
				return nil, err
			}
			defer done() // from then on it is counted by the place of a model
			return c.way.Read(ctx, rows[n])
		}, options)
	}
	if err != nil {
		leave()
		return nil, figures, nil, err
	}
	return made, figures, leave, nil
}

// opening writes down that the series of records are opened.
func (c *call) opening(rows []sinso.InstanceRow) error {
	for _, row := range rows {
		if err := c.way.Opened(c.ctx(), c.caller.ID, row.Person, string(row.Series), forModel); err != nil {
			return err
		}
	}
	return nil
}

// seriesRows are the records of the series in the path, if the caller may open them.
func (c *call) seriesRows() ([]sinso.InstanceRow, error) {
	study, err := c.studyRow(auth.Open)
	if err != nil {
		return nil, err
	}
	series, err := c.id("series", "e_")
	if err != nil {
		return nil, err
	}
	rows, err := c.way.Instances(c.ctx(), study.ID)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(row sinso.InstanceRow) bool { return row.Series != sinso.SeriesID(series) })
	if len(rows) == 0 {
		return nil, fmt.Errorf("serve: series: %w", sinso.ErrNotFound)
	}
	for _, row := range rows {
		if err := c.mayTreatBy(row); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// modelOptions reads the query, for the series of a record. outlines are what else is
// opened for it.
func (c *call) modelOptions(of sinso.InstanceRow) (o model.Options, outlines []sinso.InstanceRow, err error) {
	o.Kind = model.Kind(c.r.URL.Query().Get("kind"))
	if o.Kind == "" {
		o.Kind = model.Bone
	}
	if o.Triangles, err = c.number("triangles", model.UsualTriangles, model.LeastTriangles, model.MostTriangles); err != nil {
		return o, nil, err
	}
	if c.r.URL.Query().Get("threshold") != "" {
		level, err := c.number("threshold", 0, -1<<15, 1<<15-1)
		if err != nil {
			return o, nil, err
		}
		least := int16(level) //nolint:gosec // within its bounds
		o.Level = &least
	}
	if o.Kind == model.Segment {
		row, err := c.outlined(&o, of)
		if err != nil {
			return o, nil, err
		}
		outlines = append(outlines, row)
	}
	return o, outlines, o.Check()
}
