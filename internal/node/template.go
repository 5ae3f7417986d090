package node

import (
	"context"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// ParseTemplates reads a file of templates; ErrInvalid for one that is not understood
// to the last word.
func ParseTemplates(text []byte) ([]sinso.Template, error) { return deid.ParseTemplates(text) }

// FormatTemplates writes a file that ParseTemplates reads.
func FormatTemplates(templates []sinso.Template) ([]byte, error) {
	return deid.FormatTemplates(templates)
}

// DrawTemplate puts a template in force for the device of an item of the review.
func (n *Node) DrawTemplate(ctx context.Context, item sinso.ReviewID, boxes [][4]int, actor string) (sinso.TemplateRow, error) {
	row, err := n.Review(ctx, item)
	if err != nil {
		return sinso.TemplateRow{}, err
	}
	return n.Way.DrawTemplate(ctx, row, boxes, actor)
}
