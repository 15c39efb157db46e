#!/usr/bin/python3
"""A small S3 client that shares no code with the tools it helps to test.

usage: s3peer.py COMMAND ...      (AWS_ENDPOINT_URL and keys from environment)

  mb BUCKET                       make a bucket
  put BUCKET KEY [FILE [HEADER]]  an object from FILE (or nothing: empty)
  get BUCKET KEY                  an object to stdout
  head BUCKET KEY                 its headers, lower-case names, sorted
  rm BUCKET KEY                   delete it
  ls BUCKET [PREFIX]              "SIZE<tab>KEY" lines
  uploads BUCKET [PREFIX]         "UPLOAD_ID<tab>KEY" lines
  begin BUCKET KEY                begin a multipart upload, print its id
  part BUCKET KEY ID NUMBER FILE  add a part to it, print its ETag
  versions BUCKET [PREFIX]        "VERSION<tab>KEY" lines, "deleted<tab>KEY"
                                  for delete markers
  call METHOD TARGET [FILE [HEADER]]   any request, e.g. GET '/b?versioning='

HEADERs are "Name: value" arguments.  A refusal prints the server's answer on
stderr and exits 1.
"""
import datetime
import hashlib
import hmac
import http.client
import os
import sys
import urllib.parse
import xml.etree.ElementTree as et

NS = "{http://s3.amazonaws.com/doc/2006-03-01/}"


def quote(text):
	return urllib.parse.quote(text, safe="-_.~")


def target_of(bucket, key="", **query):
	path = "/" + bucket + ("/" + "/".join(map(quote, key.split("/"))) if key else "")
	pairs = sorted((quote(k.replace("_", "-")), quote(str(v))) for k, v in query.items())
	return path + ("?" + "&".join(f"{k}={v}" for k, v in pairs) if pairs else "")


def sign(method, host, target, headers, body, now):
	"""Add the headers of AWS Signature Version 4; target is canonical already."""
	region = os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
	stamp = now.strftime("%Y%m%dT%H%M%SZ")
	digest = hashlib.sha256(body).hexdigest()
	headers.update({"host": host, "x-amz-date": stamp, "x-amz-content-sha256": digest})
	names = sorted(headers)
	path, _, query = target.partition("?")
	canonical = "\n".join(
		[method, path, query]
		+ [f"{n}:{headers[n]}" for n in names]
		+ ["", ";".join(names), digest])
	scope = f"{stamp[:8]}/{region}/s3/aws4_request"
	text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope,
		hashlib.sha256(canonical.encode()).hexdigest()])
	key = ("AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"]).encode()
	for item in [*scope.split("/"), text]:
		key = hmac.new(key, item.encode(), hashlib.sha256).digest()
	headers["authorization"] = (
		f"AWS4-HMAC-SHA256 Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}, "
		f"SignedHeaders={';'.join(names)}, Signature={key.hex()}")


def call(method, target, path=None, *header_lines):
	"""One request; the answer's headers and body, or the end of the program."""
	url = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL"])
	body = open(path, "rb").read() if path else b""
	headers = {}
	for line in header_lines:
		name, _, value = line.partition(":")
		headers[name.strip().lower()] = value.strip()
	sign(method, url.netloc, target, headers, body,
		datetime.datetime.now(datetime.timezone.utc))
	conn = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
	conn.request(method, target, body, headers)
	answer = conn.getresponse()
	data = answer.read()
	if answer.status >= 300:
		sys.exit(f"{method} {target}: {answer.status} {data.decode('utf-8', 'replace')}")
	return answer, data


def walk(bucket, item_tags, marks, **query):
	"""Every item of a listing, page by page; marks: answer tag -> parameter."""
	while True:
		page = et.fromstring(call("GET", target_of(bucket, "", **query))[1])
		yield from (i for i in page if i.tag.removeprefix(NS) in item_tags)
		if page.findtext(NS + "IsTruncated") != "true":
			return
		for tag, name in marks.items():
			query[name] = page.findtext(NS + tag) or ""


def field(item, name):
	return item.findtext(NS + name)


def ls(bucket, prefix=""):
	for i in walk(bucket, {"Contents"}, {"NextContinuationToken": "continuation-token"},
			list_type=2, prefix=prefix):
		print(field(i, "Size"), field(i, "Key"), sep="\t")


def uploads(bucket, prefix=""):
	for i in walk(bucket, {"Upload"}, {"NextKeyMarker": "key-marker",
			"NextUploadIdMarker": "upload-id-marker"}, uploads="", prefix=prefix):
		print(field(i, "UploadId"), field(i, "Key"), sep="\t")


def versions(bucket, prefix=""):
	for i in walk(bucket, {"Version", "DeleteMarker"}, {"NextKeyMarker": "key-marker",
			"NextVersionIdMarker": "version-id-marker"}, versions="", prefix=prefix):
		deleted = i.tag.endswith("DeleteMarker")
		print("deleted" if deleted else field(i, "VersionId"), field(i, "Key"), sep="\t")


def head(bucket, key):
	for name, value in sorted(call("HEAD", target_of(bucket, key))[0].getheaders()):
		print(f"{name.lower()}: {value}")


def begin(bucket, key, *headers):
	body = call("POST", target_of(bucket, key, uploads=""), None, *headers)[1]
	print(field(et.fromstring(body), "UploadId"))


def part(bucket, key, upload_id, number, path):
	answer, _ = call("PUT", target_of(bucket, key, partNumber=number,
		uploadId=upload_id), path)
	print(answer.getheader("ETag"))


def get(bucket, key):
	sys.stdout.buffer.write(call("GET", target_of(bucket, key))[1])


COMMANDS = {
	"mb": lambda bucket, *headers: call("PUT", target_of(bucket), None, *headers),
	"put": lambda bucket, key, path=None, *headers:
		call("PUT", target_of(bucket, key), path, *headers),
	"get": get, "head": head, "ls": ls, "uploads": uploads,
	"rm": lambda bucket, key: call("DELETE", target_of(bucket, key)),
	"begin": begin, "part": part, "versions": versions,
	"call": lambda *args: sys.stdout.buffer.write(call(*args)[1]),
}

if len(sys.argv) < 3 or sys.argv[1] not in COMMANDS:
	sys.exit(__doc__)
COMMANDS[sys.argv[1]](*sys.argv[2:])
