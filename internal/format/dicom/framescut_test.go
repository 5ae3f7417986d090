package dicom

import "testing"

// TestFramesAreCutOnce: who asks for one frame after the other does not pay for all each time.
func TestFramesAreCutOnce(t *testing.T) {
	t.Parallel()
	const count = 200
	fragments := make([][]byte, 1, count+1)
	for range count {
		fragments = append(fragments, []byte{1, 2})
	}
	var ds Dataset
	ds.SetString(tagFrames, VRIS, "200")
	ds.Set(DataElement{Tag: tagPixelData, VR: VROB, Fragments: fragments})
	raw, err := Encode("1.2.840.10008.1.2.5", ds)
	if err != nil {
		t.Fatal(err)
	}
	file, err := Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	first, err := file.Frames()
	if err != nil || len(first) != count {
		t.Fatalf("%d frames, %v", len(first), err)
	}
	if again, err := file.Frames(); err != nil || &again[0] != &first[0] {
		t.Errorf("they were cut again, %v", err)
	}
}
