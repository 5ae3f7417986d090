package node

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// queried is an archive of three synthetic studies.
func queried(t *testing.T, peers ...sinso.AERow) (*archive, [][]byte) {
	t.Helper()
	a := openArchive(t, Config{}, Options{}, append(peers, peerAt("SCU", ""))...)
	var files [][]byte
	add := func(i image, objects int) {
		for n := range objects {
			i.uid = strconv.Itoa(n + 1)
			files = append(files, i.file(t))
		}
	}
	add(image{patient: "Q-1", name: "DOE^JANE", study: "21", series: "1", modality: "CT", date: "20200110", accession: "ACC1"}, 3)
	add(image{patient: "Q-1", name: "DOE^JANE", study: "21", series: "2", modality: "US", date: "20200110", accession: "ACC1"}, 1)
	add(image{patient: "Q-2", name: "M\xfcller^J\xfcrgen", charset: "ISO_IR 100", study: "22", series: "1", modality: "MR", date: "20210615", accession: "ACC2"}, 2)
	add(image{patient: "Q-3", name: "DOE^JOHN", study: "23", series: "1", modality: "CT", date: "20220101", accession: "ACC3", step: "SPS9"}, 2)
	a.put(t, "SCU", files...)
	return a, files
}

// findscu runs one query, and returns the values of an attribute of each match.
func (a *archive) findscu(t *testing.T, root, level string, told dicom.Tag, keys ...string) (values []string) {
	t.Helper()
	dir := t.TempDir()
	args := []string{"-v", root, "-X", "-od", dir, "-k", "QueryRetrieveLevel=" + level}
	for _, key := range keys {
		args = append(args, "-k", key)
	}
	if !slices.ContainsFunc(keys, func(key string) bool { return strings.HasPrefix(key, keyword(told)) }) {
		args = append(args, "-k", keyword(told)+"=")
	}
	runProgram(t, "findscu", append(args, a.scu()...)...)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := dicom.Read(b)
		if err != nil {
			return err
		}
		values = append(values, strings.TrimPrefix(file.String(told), syntheticRoot))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(values)
	return values
}

func keyword(tag dicom.Tag) string {
	attribute, _ := dicom.Lookup(tag)
	return attribute.Keyword
}

// TestFindscuFindsWhatTheStandardSays asks at each level, in each root, with each
// kind of matching (PS3.4 C.2.2.2).
func TestFindscuFindsWhatTheStandardSays(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	a, _ := queried(t)
	const (
		patientID = dicom.Tag(0x00100020)
		study     = dicom.Tag(0x0020000D)
		series    = dicom.Tag(0x0020000E)
		object    = dicom.Tag(0x00080018)
		counted   = dicom.Tag(0x00201208)
	)
	in := "StudyInstanceUID=" + syntheticRoot
	for name, tt := range map[string]struct {
		root, level string
		told        dicom.Tag
		keys        []string
		want        string
	}{
		"all studies":               {"-S", "STUDY", study, nil, "21 22 23"},
		"wildcard *":                {"-S", "STUDY", study, []string{"PatientName=DOE*"}, "21 23"},
		"wildcard ?":                {"-S", "STUDY", study, []string{"PatientName=DOE^J?NE"}, "21"},
		"name, another case":        {"-S", "STUDY", study, []string{"PatientName=doe^jane"}, "21"},
		"name, single value":        {"-S", "STUDY", study, []string{"PatientName=DOE^JOHN"}, "23"},
		"name, other character set": {"-S", "STUDY", study, []string{"SpecificCharacterSet=ISO_IR 192", "PatientName=Müller*"}, "22"},
		"name, Latin alphabet 1":    {"-S", "STUDY", study, []string{"SpecificCharacterSet=ISO_IR 100", "PatientName=M\xfcller*"}, "22"},
		"range":                     {"-S", "STUDY", study, []string{"StudyDate=20200101-20201231"}, "21"},
		"range until":               {"-S", "STUDY", study, []string{"StudyDate=-20210615"}, "21 22"},
		"range from":                {"-S", "STUDY", study, []string{"StudyDate=20210615-"}, "22 23"},
		"list of UIDs":              {"-S", "STUDY", study, []string{in + `21\` + syntheticRoot + "23"}, "21 23"},
		"accession number":          {"-S", "STUDY", study, []string{"AccessionNumber=ACC2"}, "22"},
		"modalities":                {"-S", "STUDY", study, []string{"ModalitiesInStudy=US"}, "21"},
		"nothing":                   {"-S", "STUDY", study, []string{"AccessionNumber=ACC9"}, ""},
		"counts":                    {"-S", "STUDY", counted, []string{"AccessionNumber=ACC1"}, "4"},
		"study in patient root":     {"-P", "STUDY", study, []string{"PatientID=Q-1"}, "21"},
		"patients":                  {"-P", "PATIENT", patientID, []string{"PatientName=*"}, "Q-1 Q-2 Q-3"},
		"patients by name":          {"-P", "PATIENT", patientID, []string{"PatientName=DOE*"}, "Q-1 Q-3"},
		"series":                    {"-S", "SERIES", series, []string{in + "21"}, "21.1 21.2"},
		"series by modality":        {"-S", "SERIES", series, []string{in + "21", "Modality=US"}, "21.2"},
		"series in patient root":    {"-P", "SERIES", series, []string{"PatientID=Q-1", in + "21"}, "21.1 21.2"},
		"sequence":                  {"-S", "SERIES", series, []string{in + "23", "RequestAttributesSequence[0].ScheduledProcedureStepID=SPS9"}, "23.1"},
		"sequence, other value":     {"-S", "SERIES", series, []string{in + "23", "RequestAttributesSequence[0].ScheduledProcedureStepID=SPS8"}, ""},
		"images":                    {"-S", "IMAGE", object, []string{in + "21", "SeriesInstanceUID=" + syntheticRoot + "21.1"}, "21.1.1 21.1.2 21.1.3"},
		"image by number":           {"-S", "IMAGE", object, []string{in + "21", "SeriesInstanceUID=" + syntheticRoot + "21.1", "InstanceNumber=2"}, "21.1.2"},
		"images in patient root":    {"-P", "IMAGE", object, []string{"PatientID=Q-2", in + "22", "SeriesInstanceUID=" + syntheticRoot + "22.1"}, "22.1.1 22.1.2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(a.findscu(t, tt.root, tt.level, tt.told, tt.keys...), " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
