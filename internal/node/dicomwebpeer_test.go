package node

import (
	"slices"
	"testing"
	"time"

	"sinso.dev/sinso"
)

const orthancWeb = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"

// TestOrthancSpeaksDICOMwebWithTheNode has Orthanc's DICOMweb client store, query and
// retrieve, with a token; without one it is refused.
func TestOrthancSpeaksDICOMwebWithTheNode(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	a := openArchive(t, Config{}, Options{})
	token, err := a.CreateToken(t.Context(), sinso.RoleClinician, "", time.Hour, "test")
	if err != nil {
		t.Fatal(err)
	}
	web := a.url + "/dicom-web/"
	o := startOrthanc(t, freePort(t), nil, map[string]any{
		"Plugins": []string{orthancWeb},
		"DicomWeb": map[string]any{"Enable": true, "Root": "/dicom-web/", "Servers": map[string]any{
			"node":     map[string]any{"Url": web, "HttpHeaders": map[string]string{"Authorization": "Bearer " + token}},
			"stranger": map[string]any{"Url": web},
		}},
	})
	files := flat(studyOf(t, "56", 4, 0), studyOf(t, "57", 2, 1<<20))
	var resources []string
	for _, file := range files {
		var stored struct{ ParentStudy string }
		o.call(t, "POST", "/instances", file, &stored)
		if !slices.Contains(resources, stored.ParentStudy) {
			resources = append(resources, stored.ParentStudy)
		}
	}
	stow := map[string]any{"Resources": resources, "Synchronous": true}
	o.call(t, "POST", "/dicom-web/servers/node/stow", stow, nil)
	if n := len(a.rows(t)); n != len(files) {
		t.Fatalf("%d objects came, want %d", n, len(files))
	}
	for _, id := range resources { // so that what is retrieved is what comes back
		o.call(t, "DELETE", "/studies/"+id, nil, nil)
	}
	var found []map[string]struct{ Value any }
	o.call(t, "POST", "/dicom-web/servers/node/qido", map[string]any{
		"Uri": "/studies", "Arguments": map[string]string{"PatientName": "SYNTHETIC^5*"},
	}, &found)
	if len(found) != 2 {
		t.Errorf("%d studies found, want 2", len(found))
	}
	o.call(t, "POST", "/dicom-web/servers/node/retrieve", map[string]any{
		"Resources": []map[string]string{{"Study": syntheticRoot + "56"}, {"Study": syntheticRoot + "57"}}, "Synchronous": true,
	}, nil)
	sameData(t, o.objects(t), files...)
	if status, _ := o.ask(t, "POST", "/dicom-web/servers/stranger/qido", map[string]any{"Uri": "/studies"}); status == 200 {
		t.Error("a query without a token was answered")
	}
}
