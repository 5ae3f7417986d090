package serve

import (
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/stage/deid"
)

// Templates: where devices write into their pictures, as people of the institution drew
// it, for all that is released from then on.

func (s *Server) templates() []route {
	only := []param{{name: "template", says: "only this one"}}
	return []route{
		{"GET", api + "/templates", "templates", signedIn, "where devices write into their pictures, as drawn here, oldest first", nil, answer((*call).templateList)},
		{"POST", api + "/templates", "addTemplate", signedIn, "blank there in every release from now on: for the device of an item of the review, or for one that is named", nil, take(maxBody, (*call).addTemplate)},
		{"GET", api + "/templates/export", "exportTemplates", signedIn, "the templates as a file, to be shared: it names devices, and nobody", only, raw(200, tomlType, (*call).exportTemplates)},
		{"POST", api + "/templates/import", "importTemplates", signedIn, "take in a file of templates: all of them, or none", nil, take(maxPaths, (*call).importTemplates)},
		{"DELETE", api + "/templates/{template}", "removeTemplate", signedIn, "blank there no longer; what was approved while it was so is open again", nil, answer((*call).removeTemplate)},
	}
}

const tomlType = "application/toml"

// newTemplate is a template to be added: for the device of an item, or for one by name.
type newTemplate struct {
	Review       sinso.ReviewID `json:"review,omitempty"` // the device of its record; then no other name is given
	Manufacturer string         `json:"manufacturer,omitempty"`
	Model        string         `json:"model,omitempty"`
	Modality     string         `json:"modality,omitempty"`
	Rows         int            `json:"rows,omitempty"`
	Columns      int            `json:"columns,omitempty"`
	Boxes        [][]int        `json:"boxes" nullable:"false"` // x0, y0, x1, y1 in pixels from the top left; x1 and y1 are outside
}

func (c *call) templateList() (list[sinso.TemplateRow], error) {
	if err := c.caller.May(auth.Template, ""); err != nil {
		return list[sinso.TemplateRow]{}, err
	}
	rows, err := c.way.Templates(c.ctx())
	return list[sinso.TemplateRow]{Items: rows}, err
}

func (c *call) addTemplate(in newTemplate) (sinso.TemplateRow, error) {
	none := sinso.TemplateRow{}
	if err := c.caller.May(auth.Template, ""); err != nil {
		return none, err
	}
	boxes, err := deid.Corners(in.Boxes)
	if err != nil {
		return none, err
	}
	is := sinso.Template{Manufacturer: in.Manufacturer, Model: in.Model, Modality: in.Modality, Rows: in.Rows, Columns: in.Columns, Boxes: boxes}
	if in.Review == "" {
		rows, err := c.way.AddTemplates(c.ctx(), []sinso.Template{is}, c.caller.ID)
		if err != nil {
			return none, err
		}
		return rows[0], nil
	}
	if is.Manufacturer != "" || is.Model != "" || is.Modality != "" || is.Rows != 0 || is.Columns != 0 {
		return none, invalid("a template is for the device of an item of the review, or for one that is named, not both")
	}
	item, err := c.reviewItem(string(in.Review))
	if err != nil {
		return none, err
	}
	leave, err := c.enter(c.reads)
	if err != nil {
		return none, err
	}
	defer leave()
	return c.way.DrawTemplate(c.ctx(), item, boxes, c.caller.ID)
}

// templateID returns the id of a template, which may be none.
func (c *call) templateID(text string) (sinso.TemplateID, error) {
	if !opaque("t_", text) {
		return "", fmt.Errorf("serve: template: %w", sinso.ErrNotFound)
	}
	return sinso.TemplateID(text), nil
}

func (c *call) exportTemplates() error {
	if err := c.caller.May(auth.Template, ""); err != nil {
		return err
	}
	rows, err := c.way.Templates(c.ctx())
	if err != nil {
		return err
	}
	if only := c.r.URL.Query().Get("template"); only != "" {
		id, err := c.templateID(only)
		if err != nil {
			return err
		}
		row, err := c.way.Template(c.ctx(), id)
		if err != nil {
			return err
		}
		rows = []sinso.TemplateRow{row}
	}
	templates := make([]sinso.Template, 0, len(rows))
	for _, row := range rows {
		templates = append(templates, row.Template)
	}
	file, err := deid.FormatTemplates(templates)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", tomlType)
	c.w.Header().Set("Content-Disposition", `attachment; filename="templates.toml"`)
	_, _ = c.w.Write(file) // the caller may have gone
	return nil
}

// sharedTemplates is a file of templates.
type sharedTemplates struct {
	File string `json:"file"` // its text
}

func (c *call) importTemplates(in sharedTemplates) (list[sinso.TemplateRow], error) {
	none := list[sinso.TemplateRow]{}
	if err := c.caller.May(auth.Template, ""); err != nil {
		return none, err
	}
	templates, err := deid.ParseTemplates([]byte(in.File))
	if err != nil {
		return none, err
	}
	rows, err := c.way.AddTemplates(c.ctx(), templates, c.caller.ID)
	return list[sinso.TemplateRow]{Items: rows}, err
}

func (c *call) removeTemplate() (sinso.TemplateRow, error) {
	none := sinso.TemplateRow{}
	if err := c.caller.May(auth.Template, ""); err != nil {
		return none, err
	}
	id, err := c.templateID(c.r.PathValue("template"))
	if err != nil {
		return none, err
	}
	return c.way.RemoveTemplate(c.ctx(), id, c.caller.ID)
}
