package dicomweb

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"sinso.dev/sinso/internal/wire/multipart"
)

// wish is one media range that a client accepts.
type wish struct {
	media  string // lower case
	part   string // parameter type of multipart/related
	syntax string // parameter transfer-syntax: "*", a UID, "" if it is not given
	weight float64
}

const (
	maxWishes     = 32
	maxAcceptText = 8 << 10
)

// wishes returns what the client accepts, the best first: of query parameter accept
// if it is there (PS3.18 §8.3.3.1), else of the Accept field; of neither, anything.
func (c *call) wishes() ([]wish, error) {
	text := strings.Join(c.query["accept"], ",")
	if text == "" {
		text = strings.Join(c.r.Header.Values("Accept"), ",")
	}
	return parseAccept(text)
}

func parseAccept(text string) ([]wish, error) {
	if len(text) > maxAcceptText {
		return nil, invalid("what is accepted is too long")
	}
	var found []wish
	for _, one := range splitList(text) {
		media, err := multipart.ParseMedia(one)
		if err != nil || len(found) == maxWishes {
			return nil, invalid("what is accepted cannot be read")
		}
		w := wish{media: media.Type, part: strings.ToLower(media.Params["type"]), syntax: media.Params["transfer-syntax"], weight: 1}
		if q, ok := media.Params["q"]; ok {
			if w.weight, err = strconv.ParseFloat(q, 64); err != nil || !(w.weight >= 0 && w.weight <= 1) {
				return nil, invalid("what is accepted has a weight that is none")
			}
		}
		if w.weight > 0 {
			found = append(found, w)
		}
	}
	if len(splitList(text)) == 0 {
		return []wish{{media: anyMediaType, weight: 1}}, nil
	}
	slices.SortStableFunc(found, func(a, b wish) int { return cmp.Compare(b.weight, a.weight) })
	return found, nil
}

// splitList splits at commas that are not in quotes, and leaves out what is empty.
func splitList(text string) []string {
	var parts []string
	start, inside := 0, false
	add := func(end int) {
		if part := strings.TrimSpace(text[start:end]); part != "" {
			parts = append(parts, part)
		}
	}
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && inside:
			i++
		case text[i] == '"':
			inside = !inside
		case text[i] == ',' && !inside:
			add(i)
			start = i + 1
		}
	}
	add(len(text))
	return parts
}

// fits reports whether a media type is in the wish's range.
func (w wish) fits(media string) bool {
	major, _, _ := strings.Cut(media, "/")
	return w.media == media || w.media == anyMediaType || w.media == major+"/*"
}

// related reports whether the wish is multipart/related with parts of a type; without
// a type it is any.
func (w wish) related(part string) bool {
	major, _, _ := strings.Cut(part, "/")
	return (w.media == relatedType || w.media == "multipart/*") &&
		(w.part == "" || w.part == part || w.part == anyMediaType || w.part == major+"/*")
}

// first returns the first of the media types that the client wishes most, "" if it
// accepts none of them.
func first(wishes []wish, media ...string) string {
	for _, w := range wishes {
		for _, m := range media {
			if w.fits(m) {
				return m
			}
		}
	}
	return ""
}

// json returns the media type of a JSON answer, or 406.
func (c *call) json() (string, error) {
	wishes, err := c.wishes()
	if err != nil {
		return "", err
	}
	for _, w := range wishes { // as some clients write it
		if w.related(jsonType) && w.part != "" {
			return jsonType, nil
		}
	}
	media := first(wishes, jsonType, plainJSON)
	if media == "" {
		return "", notAcceptable("this is given out as " + jsonType)
	}
	return media, nil
}
