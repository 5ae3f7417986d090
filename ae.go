package sinso

import "time"

// AERow is a DICOM application entity that may associate with this node (PS3.8).
type AERow struct {
	Title string `json:"title"`          // AE title, 1 to 16 characters (PS3.5 Table 6.2-1)
	Host  string `json:"host"`           // an IP address, a network such as 10.1.0.0/16, or a name
	Port  int    `json:"port,omitempty"` // where it can be called; 0: it cannot
	TLS   bool   `json:"tls,omitempty"`  // it is called over TLS
	// Research says that it is for research: de-identified copies, whose dates may be
	// moved, go to it and come from it. Nobody may be treated by them, so no other peer
	// gets one.
	Research bool      `json:"research,omitempty"`
	Added    time.Time `json:"added"`
}
