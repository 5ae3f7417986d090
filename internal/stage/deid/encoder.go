package deid

import "regexp"

// encoder is how libraries name themselves in a comment: all of it, for behind a name
// could stand another. A version has no more digits than theirs do.
var encoder = regexp.MustCompile(`\A(` +
	`Kakadu-v?` + encoderVersion + `|Created by (GDCM/)?OpenJPEG version ` + encoderVersion + `|Creator: JasPer Version ` + encoderVersion +
	`|LEAD Technologies( Inc\.)?( V` + encoderVersion + `)?|Aware, Inc\.( V?` + encoderVersion + `)?` +
	`|CREATOR: gd-jpeg v1\.0 \(using IJG JPEG v\d{2}\), (default quality|quality = \d{1,3})` +
	`)[ \n\x00]?\z`)

const (
	encoderVersion = `\d{1,2}(\.\d{1,3}){0,3}`
	maxEncoder     = 64 // bytes of a name and a version
)

// encoderText reports whether a comment is an encoder's name, or its figures.
func encoderText(text []byte) bool {
	return len(text) <= maxEncoder && encoder.Match(text) || len(text) <= maxLayerInfo && layerInfo.Match(text)
}

// layerInfo is what Kakadu writes beside its name: for each quality layer a slope and
// about how many bytes it has.
var layerInfo = regexp.MustCompile(`\AKdu-Layer-Info: log_2\{Delta-D\((squared-error\)/Delta-L\(bytes\)|MSE\)/\[2\^16\*Delta-L\(bytes\)\])\}, L\(bytes\)\n( *-?\d{1,3}\.\d, +\d\.\de\+\d{2,3}\n)+\x00?\z`)

const maxLayerInfo = 1024 // bytes: some 50 layers
