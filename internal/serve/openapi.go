package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/problem"
)

const schemas = "#/components/schemas/"

// describe writes what the routes take and answer as OpenAPI 3.1. Types are read
// from the very ones that are marshalled, so that the two cannot part.
func describe(routes []route, version string) ([]byte, error) {
	registry := huma.NewMapRegistry(schemas, schemaName)
	doc := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "SINSO node", Version: version,
			Description: "Times are RFC 3339 UTC, amounts are wei as decimal text, hashes and tokens 0x and hex. Errors are RFC 9457 problems.",
		},
		Components: &huma.Components{
			Schemas: registry,
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"token":   {Type: "http", Scheme: "bearer", Description: "a bearer token of this node"},
				"session": {Type: "apiKey", In: "cookie", Name: "sinso_session", Description: "the page's session"},
			},
		},
	}
	failed := &huma.Response{
		Description: "a problem",
		Content:     map[string]*huma.MediaType{problem.ContentType: {Schema: registry.Schema(reflect.TypeFor[problem.Problem](), true, "")}},
	}
	for _, rt := range routes {
		op := rt.operation(registry)
		op.Responses["default"] = failed
		doc.AddOperation(op)
	}
	for _, schema := range registry.Map() {
		for _, property := range schema.Properties {
			property.Nullable = property.Nullable && property.Type != huma.TypeArray // we answer [] where there is nothing
		}
	}
	data, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("serve: describe the routes: %w", err)
	}
	return data, nil
}

// schemaName tells the nouns of the root package that a signed offer or a row holds
// from what the API answers under the same name.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	switch t {
	case reflect.TypeFor[sinso.Order](), reflect.TypeFor[sinso.Asset](), reflect.TypeFor[sinso.Share]():
		return "Offered" + name
	case reflect.TypeFor[sinso.RiskAdvice](), reflect.TypeFor[sinso.QualityFinding](), reflect.TypeFor[sinso.QualityPart]():
		return "Kept" + name
	}
	return name
}

var pathParam = regexp.MustCompile(`\{([a-z]+)\}`)

// operation describes one route.
func (rt route) operation(registry huma.Registry) *huma.Operation {
	op := &huma.Operation{
		Method: rt.method, Path: rt.path, OperationID: rt.name, Summary: rt.says,
		Responses: map[string]*huma.Response{strconv.Itoa(rt.status): rt.success(registry)},
	}
	switch rt.who {
	case signedIn:
		op.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	case keeper:
		op.Description = "Only on the node's own socket."
	case guest:
		op.Description = "For a node whose blocks are held here, by the token of sinso peer hold."
		op.Security = []map[string][]string{{"token": {}}}
	case anybody:
	}
	for _, match := range pathParam.FindAllStringSubmatch(rt.path, -1) {
		op.Parameters = append(op.Parameters, &huma.Param{Name: match[1], In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}})
	}
	for _, p := range rt.query {
		kind := huma.TypeString
		if p.number {
			kind = huma.TypeInteger
		}
		op.Parameters = append(op.Parameters, &huma.Param{Name: p.name, In: "query", Description: p.says, Schema: &huma.Schema{Type: kind}})
	}
	op.RequestBody = rt.body(registry)
	return op
}

func (rt route) body(registry huma.Registry) *huma.RequestBody {
	files := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	switch {
	case rt.files:
		return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/dicom": files, "application/zip": files, "application/octet-stream": files, "multipart/form-data": files,
		}}
	case rt.binary:
		return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{binaryType: files}}
	case rt.chunk:
		return &huma.RequestBody{Content: map[string]*huma.MediaType{tusChunk: files}}
	case rt.in != nil:
		return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{jsonType: {Schema: registry.Schema(rt.in, true, rt.name)}}}
	}
	return nil
}

func (rt route) success(registry huma.Registry) *huma.Response {
	r := &huma.Response{Description: http.StatusText(rt.status)}
	if rt.media == "" || rt.method == http.MethodHead {
		return r
	}
	media, _, _ := strings.Cut(rt.media, ";")
	schema := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	if rt.out != nil {
		schema = registry.Schema(rt.out, true, rt.name)
	}
	r.Content = map[string]*huma.MediaType{media: {Schema: schema}}
	if rt.other != "" {
		r.Content[rt.other] = &huma.MediaType{Schema: schema}
	}
	if rt.stream != nil {
		r.Content[ndjsonType] = &huma.MediaType{Schema: &huma.Schema{
			Type: huma.TypeObject, Description: "one object a line: progress, then result or error",
			Properties: map[string]*huma.Schema{
				"progress": registry.Schema(rt.stream, true, rt.name+"Progress"),
				"result":   schema,
				"error":    registry.Schema(reflect.TypeFor[problem.Problem](), true, ""),
			},
		}}
	}
	return r
}
