// Command s3server is the S3 server of the tests: versitygw on a folder, without what of
// it speaks to other clouds, which takes as long again to build. It listens on one address
// until it is ended; root's key is in the environment.
//
//	s3server ADDRESS FOLDER
package main

import (
	"context"
	"log"
	"os"
	"path/filepath"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

func main() {
	address, folder := os.Args[1], os.Args[2]
	objects, attributes := filepath.Join(folder, "objects"), filepath.Join(folder, "attributes")
	for _, dir := range []string{objects, attributes} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			log.Fatal(err)
		}
	}
	sidecar, err := meta.NewSideCar(attributes) // not every file system has attributes
	if err != nil {
		log.Fatal(err)
	}
	backend, err := posix.New(objects, sidecar, posix.PosixOpts{SideCarDir: attributes})
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(embedgw.RunVersityGW(context.Background(), backend, &embedgw.Config{
		RootUserAccess: os.Getenv("AWS_ACCESS_KEY_ID"), RootUserSecret: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		Region: "us-east-1", Ports: []string{address}, Quiet: true, MaxConnections: 1000, MaxRequests: 1000, MultipartMaxParts: 10_000, AdminMaxConnections: 10, AdminMaxRequests: 10,
	}))
}
