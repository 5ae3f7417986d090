package dicomweb

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/render"
)

// uriParameters are those of a retrieve by URI (PS3.18 Table 9.1.2-1).
var uriParameters = []string{
	"requestType", "studyUID", "seriesUID", "objectUID", "contentType", "charset", "anonymize", "annotation", "rows", "columns", "region",
	"windowCenter", "windowWidth", "imageQuality", "frameNumber", "presentationUID", "presentationSeriesUID", "transferSyntax",
}

// wadoURI gives out one object or a picture of it (PS3.18 §9).
func (c *call) wadoURI() error {
	get, err := c.uriQuery()
	if err != nil {
		return err
	}
	for _, name := range []string{"anonymize", "presentationUID", "presentationSeriesUID"} {
		if get[name] != "" && get[name] != "no" {
			return fmt.Errorf("parameter %s: %w", name, sinso.ErrUnsupported)
		}
	}
	f, err := c.one(target{get["studyUID"], get["seriesUID"], get["objectUID"]})
	if err != nil {
		return err
	}
	wishes, err := parseAccept(get["contentType"])
	if err != nil {
		return err
	}
	media := first(wishes, dicomType, jpegType, pngType)
	if get["contentType"] == "" && f.Instance.Frames == 1 {
		media = jpegType // PS3.18 §9.1.2.2.1: a single frame is a picture
	}
	switch media {
	case "":
		return notAcceptable("contentType is application/dicom, image/jpeg or image/png")
	case dicomType:
		return c.uriObject(f, get["transferSyntax"])
	}
	return c.uriPicture(f, media, get)
}

// uriQuery reads the parameters; each may come once.
func (c *call) uriQuery() (map[string]string, error) {
	get := map[string]string{}
	for name, values := range c.query {
		known := false
		for _, one := range uriParameters {
			known = known || one == name
		}
		if !known || len(values) != 1 {
			return nil, invalid("the query has a parameter that is not of a retrieve by URI, or one twice")
		}
		get[name] = values[0]
	}
	switch {
	case get["requestType"] != "WADO":
		return nil, invalid("requestType must be WADO")
	case !isUID(get["studyUID"]), !isUID(get["seriesUID"]), !isUID(get["objectUID"]):
		return nil, invalid("studyUID, seriesUID and objectUID must be given, and be UIDs")
	}
	return get, nil
}

// uriObject gives out the object itself, in Explicit VR Little Endian unless it is
// to be in another transfer syntax (PS3.18 §9.1.2.2.3).
func (c *call) uriObject(f sinso.Found, syntax string) error {
	if syntax == "" {
		syntax = dicom.ExplicitLittleEndian
	}
	g := goal{asStored: syntax == "*", syntaxes: []string{syntax}}
	if c.unchanged(f.Instance.ID, fmt.Sprint("uri", g)) {
		return nil
	}
	if err := c.opened(sinso.LevelInstance, forRetrieve, f); err != nil {
		return err
	}
	return c.sendOne(f.Instance, g)
}

func (c *call) uriPicture(f sinso.Found, media string, get map[string]string) error {
	d := drawing{media: media}
	number := minFrame
	var err error
	if text := get["frameNumber"]; text != "" {
		numbers, err := frameNumbers(text, f.Instance.Frames)
		if err != nil || len(numbers) != 1 {
			return invalid("frameNumber is the number of a frame, from 1")
		}
		number = numbers[0]
	}
	if d.quality, err = quality(get["imageQuality"]); err != nil {
		return err
	}
	if center, width := get["windowCenter"], get["windowWidth"]; center != "" || width != "" {
		w, err := render.ParseWindow(center + "," + width)
		if err != nil {
			return err
		}
		d.options.Window = &w
	}
	if d.options.Viewport, err = uriViewport(get["columns"], get["rows"], get["region"], f.Instance); err != nil {
		return err
	}
	if err := d.annotate(get["annotation"], ""); err != nil {
		return err
	}
	return c.picture(f, number, d)
}

// uriViewport makes one of columns, rows and region, which is given in parts of the
// frame from 0 to 1 (PS3.18 §9.1.2.2.6 and following).
func uriViewport(columns, rows, region string, row sinso.InstanceRow) (*render.Viewport, error) {
	if columns == "" && rows == "" && region == "" {
		return nil, nil //nolint:nilnil // no viewport is asked for
	}
	v := &render.Viewport{Width: row.Columns, Height: row.Rows}
	if columns == "" && rows != "" || columns != "" && rows == "" { // the other follows from the proportions
		if columns == "" {
			columns = strconv.Itoa(math.MaxInt16)
		}
		if rows == "" {
			rows = strconv.Itoa(math.MaxInt16)
		}
	}
	const most = 4096 // pixels that are drawn
	for _, side := range []struct {
		text string
		into *int
	}{{columns, &v.Width}, {rows, &v.Height}} {
		if side.text == "" {
			continue
		}
		n, err := strconv.Atoi(side.text)
		if err != nil || n < 1 {
			return nil, invalid("rows and columns are numbers of pixels")
		}
		*side.into = n
	}
	v.Width, v.Height = min(v.Width, most), min(v.Height, most)
	if region == "" {
		return v, nil
	}
	var edges [4]float64
	parts := strings.Split(region, ",")
	for i := range edges {
		var err error
		if len(parts) != len(edges) {
			return nil, invalid("region is left, top, right and bottom, from 0 to 1")
		}
		if edges[i], err = strconv.ParseFloat(parts[i], 64); err != nil || !(edges[i] >= 0 && edges[i] <= 1) {
			return nil, invalid("region is left, top, right and bottom, from 0 to 1")
		}
	}
	width, height := float64(row.Columns), float64(row.Rows)
	v.X, v.Y, v.W, v.H = edges[0]*width, edges[1]*height, (edges[2]-edges[0])*width, (edges[3]-edges[1])*height
	if v.W < 1 || v.H < 1 {
		return nil, invalid("region is empty")
	}
	return v, nil
}
