// The Go SDK against a running server: every step checks what comes back and ends the program when it
// is wrong. Says the name of each step that held, one a line.
package main

import (
	"bytes"
	"fmt"
	"io/ioutil"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/aliyun/aliyun-oss-go-sdk/oss"
)

// No blank: this SDK writes one into a path as a plus.
const key = "fotos/图1+2%&'?.txt"

func main() {
	endpoint, id, secret, name := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	client, err := oss.New(endpoint, id, secret)
	must(err)
	must(client.CreateBucket(name))
	bucket, err := client.Bucket(name)
	must(err)
	buckets(client, name)
	objects(bucket, name)
	conditions(bucket)
	copies(bucket, name)
	appends(bucket)
	symlinks(bucket)
	uploads(bucket, name)
	documents(client, name)
	lists(bucket)
	failures(client, bucket, endpoint, id)
}

func buckets(client *oss.Client, name string) {
	exists, err := client.IsBucketExist(name)
	must(err)
	equal(true, exists)
	info, err := client.GetBucketInfo(name)
	must(err)
	equal(name, info.BucketInfo.Name)
	location, err := client.GetBucketLocation(name)
	must(err)
	equal("oss-cn-hangzhou", location)
	must(client.SetBucketACL(name, oss.ACLPublicRead))
	acl, err := client.GetBucketACL(name)
	must(err)
	equal("public-read", acl.ACL)
	must(client.SetBucketACL(name, oss.ACLPrivate))
	step("buckets")
}

func objects(bucket *oss.Bucket, name string) {
	must(bucket.PutObject(key, strings.NewReader("0123456789"),
		oss.ContentType("text/x-test"), oss.Meta("owner", "me"), oss.CacheControl("max-age=5")))
	equal("0123456789", read(bucket, key))
	equal("345", read(bucket, key, oss.Range(3, 5)))
	header, err := bucket.GetObjectDetailedMeta(key)
	must(err)
	equal("me", header.Get("X-Oss-Meta-Owner"))
	equal("text/x-test", header.Get("Content-Type"))
	equal("max-age=5", header.Get("Cache-Control"))
	// GetObjectMeta is left out: this SDK (1.4.0) signs it without its sub-resource, its successors with.
	must(bucket.SetObjectMeta(key, oss.Meta("changed", "yes")))
	header, err = bucket.GetObjectDetailedMeta(key)
	must(err)
	equal("yes", header.Get("X-Oss-Meta-Changed"))
	equal("", header.Get("X-Oss-Meta-Owner"))
	must(bucket.SetObjectACL(key, oss.ACLPublicRead))
	acl, err := bucket.GetObjectACL(key)
	must(err)
	equal("public-read", acl.ACL)
	must(bucket.DeleteObject(key))
	exists, err := bucket.IsObjectExist(key)
	must(err)
	equal(false, exists)
	names := []string{"a<&>", "图", "missing"}
	must(bucket.PutObject(names[0], strings.NewReader("x")))
	must(bucket.PutObject(names[1], strings.NewReader("x")))
	deleted, err := bucket.DeleteObjects(names)
	must(err)
	equal(strings.Join(names, " "), strings.Join(deleted.DeletedObjects, " "))
	step("objects")
}

func conditions(bucket *oss.Bucket) {
	must(bucket.PutObject("c", strings.NewReader("x")))
	header, err := bucket.GetObjectDetailedMeta("c")
	must(err)
	equal("x", read(bucket, "c", oss.IfMatch(header.Get("Etag"))))
	_, err = bucket.GetObject("c", oss.IfMatch("other"))
	status(err, http.StatusPreconditionFailed)
	_, err = bucket.GetObject("c", oss.IfNoneMatch(header.Get("Etag")))
	equal(true, err != nil && strings.Contains(err.Error(), "304"))
	step("conditions")
}

func copies(bucket *oss.Bucket, name string) {
	must(bucket.PutObject(key, strings.NewReader("copied"), oss.Meta("a", "1")))
	_, err := bucket.CopyObject(key, "copy/1")
	must(err)
	equal("copied", read(bucket, "copy/1"))
	_, err = bucket.CopyObjectTo(name, "copy/2", key,
		oss.MetadataDirective(oss.MetaReplace), oss.Meta("b", "2"))
	must(err)
	header, err := bucket.GetObjectDetailedMeta("copy/2")
	must(err)
	equal("2", header.Get("X-Oss-Meta-B"))
	equal("", header.Get("X-Oss-Meta-A"))
	_, err = bucket.CopyObject(key, "copy/3", oss.CopySourceIfMatch("other"))
	status(err, http.StatusPreconditionFailed)
	step("copies")
}

func appends(bucket *oss.Bucket) {
	// With a first checksum the SDK holds the server's to the whole object.
	result, err := bucket.DoAppendObject(&oss.AppendObjectRequest{
		ObjectKey: "log", Reader: strings.NewReader("one-"), Position: 0,
	}, []oss.Option{oss.InitCRC(0)})
	must(err)
	result, err = bucket.DoAppendObject(&oss.AppendObjectRequest{
		ObjectKey: "log", Reader: strings.NewReader("two"), Position: result.NextPosition,
	}, []oss.Option{oss.InitCRC(result.CRC)})
	must(err)
	equal(int64(7), result.NextPosition)
	equal("one-two", read(bucket, "log"))
	_, err = bucket.DoAppendObject(&oss.AppendObjectRequest{
		ObjectKey: "log", Reader: strings.NewReader("x"), Position: 1,
	}, nil)
	code(err, "PositionNotEqualToLength")
	step("appends")
}

func symlinks(bucket *oss.Bucket) {
	must(bucket.PutObject("real", strings.NewReader("through")))
	must(bucket.PutSymlink("link", "real"))
	header, err := bucket.GetSymlink("link")
	must(err)
	equal("real", header.Get("X-Oss-Symlink-Target"))
	equal("through", read(bucket, "link"))
	step("symlinks")
}

func uploads(bucket *oss.Bucket, name string) {
	folder, err := ioutil.TempDir("", "go-client")
	must(err)
	defer os.RemoveAll(folder)
	source := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
	file := filepath.Join(folder, "source")
	must(ioutil.WriteFile(file, source, 0600))
	must(bucket.UploadFile("big", file, 100*1024, oss.Routines(3), oss.Meta("a", "1")))
	equal(string(source), read(bucket, "big"))
	must(bucket.DownloadFile("big", file+".2", 100*1024, oss.Routines(3)))
	loaded, err := ioutil.ReadFile(file + ".2")
	must(err)
	equal(true, bytes.Equal(source, loaded))
	must(bucket.CopyFile(name, "big", "big2", 100*1024))
	equal(string(source), read(bucket, "big2"))
	upload, err := bucket.InitiateMultipartUpload("steps")
	must(err)
	part, err := bucket.UploadPart(upload, bytes.NewReader(source[:100]), 100, 1)
	must(err)
	listed, err := bucket.ListUploadedParts(upload)
	must(err)
	equal(part.ETag, listed.UploadedParts[0].ETag)
	running, err := bucket.ListMultipartUploads(oss.Prefix("steps"))
	must(err)
	equal(upload.UploadID, running.Uploads[0].UploadID)
	must(bucket.AbortMultipartUpload(upload))
	_, err = bucket.ListUploadedParts(upload)
	code(err, "NoSuchUpload")
	step("uploads")
}

func documents(client *oss.Client, name string) {
	rule := oss.CORSRule{
		AllowedOrigin: []string{"https://app.example"}, AllowedMethod: []string{"GET"},
		AllowedHeader: []string{"*"}, ExposeHeader: []string{"ETag"}, MaxAgeSeconds: 60,
	}
	must(client.SetBucketCORS(name, []oss.CORSRule{rule}))
	cors, err := client.GetBucketCORS(name)
	must(err)
	equal("https://app.example", cors.CORSRules[0].AllowedOrigin[0])
	must(client.DeleteBucketCORS(name))
	_, err = client.GetBucketCORS(name)
	code(err, "NoSuchCORSConfiguration")
	must(client.SetBucketReferer(name, []string{"https://www.example.com"}, true))
	referer, err := client.GetBucketReferer(name)
	must(err)
	equal("https://www.example.com", referer.RefererList[0])
	code(client.SetBucketWebsite(name, "index.html", "error.html"), "NotImplemented")
	code(client.SetBucketLogging(name, name, "log/", true), "NotImplemented")
	step("documents")
}

func lists(bucket *oss.Bucket) {
	for _, name := range []string{"p/a", "p/b/1", "p/b/2", "p/c"} {
		must(bucket.PutObject(name, strings.NewReader(name)))
	}
	page, err := bucket.ListObjects(oss.Prefix("p/"), oss.Delimiter("/"), oss.MaxKeys(2))
	must(err)
	equal(true, page.IsTruncated)
	equal("p/b/", page.CommonPrefixes[0])
	page, err = bucket.ListObjects(oss.Prefix("p/"), oss.Delimiter("/"), oss.Marker(page.NextMarker))
	must(err)
	equal("p/c", page.Objects[0].Key)
	equal(int64(3), page.Objects[0].Size)
	step("lists")
}

func failures(client *oss.Client, bucket *oss.Bucket, endpoint, id string) {
	_, err := bucket.GetObject("missing")
	code(err, "NoSuchKey")
	code(bucket.RestoreObject("p/a"), "NotImplemented")
	equal("p/a", read(bucket, "p/a"))
	code(client.DeleteBucket(bucket.BucketName), "BucketNotEmpty")
	stranger, err := oss.New(endpoint, id, "wrong")
	must(err)
	other, err := stranger.Bucket(bucket.BucketName)
	must(err)
	_, err = other.GetObject("p/a")
	code(err, "SignatureDoesNotMatch")
	step("failures")
}

func read(bucket *oss.Bucket, name string, options ...oss.Option) string {
	body, err := bucket.GetObject(name, options...)
	must(err)
	defer body.Close()
	data, err := ioutil.ReadAll(body)
	must(err)
	return string(data)
}

func code(err error, expected string) {
	failure, ok := err.(oss.ServiceError)
	equal(true, ok)
	equal(expected, failure.Code)
}

func status(err error, expected int) {
	failure, ok := err.(oss.ServiceError)
	equal(true, ok)
	equal(expected, failure.StatusCode)
}

func equal(expected, got interface{}) {
	if expected != got {
		panic(fmt.Sprintf("expected %.200v, got %.200v", expected, got))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func step(name string) {
	fmt.Println(name)
}
