package sinso

// Manifest lists the objects of one study or one release, with the key of each.
// It is itself an object, sealed like any other: whoever has its content key has
// them all, and nobody else has one. Its JSON is versioned in docs/formats.md.
type Manifest struct {
	Version int              `json:"version"` // 1
	Objects []ManifestObject `json:"objects"`
	// Evidence shows what the objects are and where they came from; empty in the
	// manifest of an original.
	Evidence *ManifestObject `json:"evidence,omitempty"`
	// Quality is how well the objects are made; empty in the manifest of an original, and in
	// those of before it was judged.
	Quality *Quality `json:"quality,omitempty"`
}

// ManifestObject is one sealed object.
type ManifestObject struct {
	Name string `json:"name"` // a file name that identifies nobody: 0001.dcm
	Role string `json:"role"` // original, derivative, work, evidence
	CID  CID    `json:"cid"`
	Size int64  `json:"size"` // of the plain bytes
	Key  []byte `json:"key"`  // its CEK
}

// ManifestVersion is the version that this node writes.
const ManifestVersion = 1
