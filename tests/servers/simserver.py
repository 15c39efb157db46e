#!/usr/bin/python3
"""A scripted S3 server that does what AWS does and no free server can.

usage: simserver.py DIR     (sim.sh starts it)

It verifies checksums (MD5, CRC32, CRC64NVME, also of a whole multipart upload),
knows archived objects, what can be set on a bucket, and GetCallerIdentity.
Of parts and objects above KEEP it remembers size and checksum only, so that an
upload may be as long as one likes.  Signatures are not checked.

DIR/requests gets a JSON line for each request: method, target, headers (their
names in lower case), status.  DIR/refuse may hold names of headers, one a line:
a request that has one of them is answered by 501.  There is a bucket "sim".
"""
import base64
import binascii
import email.utils
import hashlib
import http.server
import json
import os
import re
import socketserver
import sys
import threading
import time
import urllib.parse
import xml.etree.ElementTree as et
import zlib

KEEP = 2 << 20
BLOCK = 1 << 20
NS = "{http://s3.amazonaws.com/doc/2006-03-01/}"
POLYNOMIALS = {"crc32": (0xEDB88320, 32), "crc64nvme": (0x9A6C9329AC4BC9B5, 64)}
# what GET of a bucket's subresource says when nothing was set
UNSET = {
	"encryption": "ServerSideEncryptionConfigurationNotFoundError",
	"lifecycle": "NoSuchLifecycleConfiguration",
	"object-lock": "ObjectLockConfigurationNotFoundError",
	"publicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
	"policy": "NoSuchBucketPolicy",
}


def table_of(polynomial):
	table = []
	for byte in range(256):
		for _ in range(8):
			byte = byte >> 1 ^ (polynomial if byte & 1 else 0)
		table.append(byte)
	return table


CRC64_TABLE = table_of(POLYNOMIALS["crc64nvme"][0])


def crc64(data, crc=0):
	crc ^= 2**64 - 1
	for byte in data:
		crc = CRC64_TABLE[(crc ^ byte) & 255] ^ crc >> 8
	return crc ^ 2**64 - 1


CRCS = {"crc32": zlib.crc32, "crc64nvme": crc64}


def multiply(a, b, polynomial, width):
	product, bit = 0, 1 << width - 1
	while bit:
		if a & bit:
			product ^= b
		bit >>= 1
		b = b >> 1 ^ (polynomial if b & 1 else 0)
	return product


def combine(name, first, second, second_bytes):
	"""The CRC of two runs of bytes from that of each."""
	polynomial, width = POLYNOMIALS[name]
	power = 1 << width - 9
	while second_bytes:
		if second_bytes & 1:
			first = multiply(first, power, polynomial, width)
		power = multiply(power, power, polynomial, width)
		second_bytes >>= 1
	return first ^ second


class Refusal(Exception):
	def __init__(self, status, code, more=""):
		super().__init__(code)
		self.status, self.code, self.more = status, code, more


class Body:
	"""What a request brings: its bytes if they are few, size and checksums."""

	def __init__(self, stream, size, headers):
		self.size, self.data, self.crcs = size, b"", {}
		self.md5 = hashlib.md5()
		self.names = [n for n in POLYNOMIALS if "x-amz-checksum-" + n in headers]
		crcs = dict.fromkeys(self.names, 0)
		left, kept, room = size, [], memoryview(bytearray(BLOCK))
		while left > 0:
			count = stream.readinto(room[:min(left, BLOCK)])
			if not count:
				raise ConnectionError
			left -= count
			block = room[:count]
			if size <= KEEP:
				kept.append(bytes(block))
			if "content-md5" in headers or not self.names:
				self.md5.update(block)
			for name in self.names:
				crcs[name] = CRCS[name](block, crcs[name])
		self.data, self.crcs = b"".join(kept), crcs

	def check(self, headers):
		sent = headers.get("content-md5")
		if sent and base64.b64decode(sent) != self.md5.digest():
			raise Refusal(400, "BadDigest")
		for name in self.names:
			if in_base64(name, self.crcs[name]) != headers["x-amz-checksum-" + name]:
				raise Refusal(400, "BadDigest")
		if not sent and not self.names and self.size and "x-amz-content-sha256" in headers:
			raise Refusal(400, "MissingChecksum")


def in_base64(name, crc):
	return base64.b64encode(crc.to_bytes(POLYNOMIALS[name][1] // 8, "big")).decode()


class Object:
	def __init__(self, body, headers, etag):
		self.data, self.size, self.etag = body.data, body.size, etag
		self.mtime = time.time()
		self.headers = {k: v for k, v in headers.items() if k == "content-type" or
			k.startswith("x-amz-") and not k.startswith(("x-amz-content", "x-amz-date",
			"x-amz-checksum"))}

	def is_archived(self):
		return self.headers.get("x-amz-storage-class") in ("GLACIER", "DEEP_ARCHIVE")


class Handler(http.server.BaseHTTPRequestHandler):
	protocol_version = "HTTP/1.1"
	disable_nagle_algorithm = True
	rbufsize = 256 << 10
	wbufsize = -1

	def log_message(self, *args):
		pass

	def answer(self, status, body=b"", **headers):
		if isinstance(body, str):
			body = body.encode()
		self.send_response(status)
		headers.setdefault("Content_Length", str(len(body)))
		headers.setdefault("x_amz_request_id", "SIM1")
		for name, value in headers.items():
			self.send_header(name.replace("_", "-"), value)
		self.end_headers()
		if self.command != "HEAD":
			self.wfile.write(body)
		self.wfile.flush()
		self.server.note(self, status)

	def refuse(self, status, code, more=""):
		if status >= 400 and not self.body_read:
			self.close_connection = True
		self.answer(status, f"<Error><Code>{code}</Code><Message>{code}, as scripted"
			f"</Message>{more}</Error>")

	def handle_any(self):
		self.body_read = "content-length" not in self.fields()
		path, _, text = self.path.partition("?")
		query = dict(urllib.parse.parse_qsl(text, keep_blank_values=True))
		_, bucket, *key = urllib.parse.unquote(path).split("/", 2)
		try:
			for name in self.server.refused():
				if name in self.fields():
					raise Refusal(501, "NotImplemented", f"<Header>{name}</Header>")
			if not bucket:
				return self.sts()
			if key and key[0]:
				return self.object(bucket, key[0], query)
			return self.bucket(bucket, query)
		except Refusal as r:
			return self.refuse(r.status, r.code, r.more)

	do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_any

	def fields(self):
		return {k.lower(): v for k, v in self.headers.items()}

	def read_body(self, of_whole=False):
		fields = self.fields()
		if of_whole:  # the checksums are not of this body
			fields = {k: v for k, v in fields.items() if "-checksum-" not in k}
		if fields.get("expect", "").lower() == "100-continue":
			self.send_response_only(100)
			self.end_headers()
			self.wfile.flush()
		body = Body(self.rfile, int(fields.get("content-length", 0)), fields)
		self.body_read = True
		body.check(fields)
		return body

	def sts(self):
		if b"Action=GetCallerIdentity" not in self.read_body().data:
			raise Refusal(400, "InvalidAction")
		self.answer(200, "<GetCallerIdentityResponse><GetCallerIdentityResult>"
			"<Arn>arn:aws:iam::123456789012:user/backup</Arn>"
			"<UserId>AIDASIM</UserId><Account>123456789012</Account>"
			"</GetCallerIdentityResult></GetCallerIdentityResponse>")

	# -- buckets

	def bucket(self, bucket, query):
		buckets = self.server.buckets
		what = next((q for q in query if q in UNSET or q in ("versioning", "delete",
			"list-type", "location", "uploads", "versions")), None)
		if what is None and self.command == "PUT":
			fields = self.fields()
			self.read_body()
			if bucket in buckets:
				raise Refusal(409, "BucketAlreadyOwnedByYou")
			buckets[bucket] = {}
			if fields.get("x-amz-bucket-object-lock-enabled") == "true":
				buckets[bucket]["object-lock"] = (b"<ObjectLockConfiguration>"
					b"<ObjectLockEnabled>Enabled</ObjectLockEnabled>"
					b"</ObjectLockConfiguration>")
				buckets[bucket]["versioning"] = (b"<VersioningConfiguration>"
					b"<Status>Enabled</Status></VersioningConfiguration>")
			return self.answer(200)
		if bucket not in buckets:
			raise Refusal(404, "NoSuchBucket")
		if what is None and self.command == "HEAD":
			return self.answer(200, x_amz_bucket_region="us-east-1")
		if what == "delete":
			return self.delete_many(bucket)
		if what == "list-type":
			return self.list(bucket, query.get("prefix", ""))
		if what == "uploads":
			return self.answer(200, "<ListMultipartUploadsResult/>")
		if self.command == "PUT" and what:
			buckets[bucket][what] = self.read_body().data
			return self.answer(200)
		if self.command == "DELETE" and what:
			buckets[bucket].pop(what, None)
			return self.answer(204)
		if what == "versioning":
			return self.answer(200, buckets[bucket].get(what, "<VersioningConfiguration/>"))
		if what in UNSET:
			if what not in buckets[bucket]:
				raise Refusal(404, UNSET[what])
			return self.answer(200, buckets[bucket][what])
		raise Refusal(405, "MethodNotAllowed")

	def list(self, bucket, prefix):
		stamp = "%Y-%m-%dT%H:%M:%S.000Z"
		self.answer(200, "<ListBucketResult>" + "".join(
			f"<Contents><Key>{k}</Key><Size>{o.size}</Size><LastModified>"
			f"{time.strftime(stamp, time.gmtime(o.mtime))}</LastModified>"
			f"<ETag>{o.etag}</ETag><StorageClass>"
			f"{o.headers.get('x-amz-storage-class', 'STANDARD')}</StorageClass></Contents>"
			for (b, k), o in sorted(self.server.objects.items())
			if b == bucket and k.startswith(prefix)) + "</ListBucketResult>")

	def delete_many(self, bucket):
		keys = [e.text for e in et.fromstring(self.read_body().data).iter()
			if e.tag.endswith("Key")]
		for key in keys:
			self.server.objects.pop((bucket, key), None)
		self.answer(200, "<DeleteResult>" + "".join(
			f"<Deleted><Key>{k}</Key></Deleted>" for k in keys) + "</DeleteResult>")

	# -- objects

	def object(self, bucket, key, query):
		if bucket not in self.server.buckets:
			raise Refusal(404, "NoSuchBucket")
		if "uploads" in query or "uploadId" in query:
			return self.multipart(bucket, key, query)
		objects, fields = self.server.objects, self.fields()
		if self.command == "PUT":
			body = self.read_body()
			if fields.get("if-none-match") == "*" and (bucket, key) in objects:
				raise Refusal(412, "PreconditionFailed")
			objects[bucket, key] = Object(body, fields, f'"{body.md5.hexdigest()}"')
			return self.answer(200, ETag=objects[bucket, key].etag)
		if self.command == "DELETE":
			objects.pop((bucket, key), None)
			return self.answer(204)
		if (bucket, key) not in objects:
			raise Refusal(404, "NoSuchKey")
		if "restore" in query:
			return self.restore(objects[bucket, key])
		return self.send_object(objects[bucket, key], fields)

	def restore(self, o):
		days = et.fromstring(self.read_body().data).findtext(NS + "Days")
		if not o.is_archived():
			raise Refusal(403, "InvalidObjectState")
		if "x-amz-restore" in o.headers:
			raise Refusal(409, "RestoreAlreadyInProgress")
		o.headers["x-amz-restore"] = f'ongoing-request="true", days="{days}"'
		self.answer(202)

	def send_object(self, o, fields):
		more = dict(o.headers, ETag=o.etag, Last_Modified=email.utils.formatdate(
			o.mtime, usegmt=True))
		if self.command == "HEAD":
			return self.answer(200, Content_Length=str(o.size), **more)
		if o.is_archived():
			raise Refusal(403, "InvalidObjectState",
				f"<StorageClass>{o.headers['x-amz-storage-class']}</StorageClass>")
		first, last = 0, o.size - 1
		if "range" in fields:
			first, last = map(int, re.match(r"bytes=(\d+)-(\d+)$", fields["range"]).groups())
		last = min(last, o.size - 1)
		return self.answer(206, o.data[first:last + 1],
			Content_Range=f"bytes {first}-{last}/{o.size}", **more)

	def multipart(self, bucket, key, query):
		uploads, fields = self.server.uploads, self.fields()
		if "uploads" in query:
			self.read_body()
			upload = f"upload-{len(uploads) + 1}"
			uploads[upload] = (fields, {})
			return self.answer(200, "<InitiateMultipartUploadResult>"
				f"<UploadId>{upload}</UploadId></InitiateMultipartUploadResult>")
		if query["uploadId"] not in uploads:
			raise Refusal(404, "NoSuchUpload")
		begun, parts = uploads[query["uploadId"]]
		if self.command == "PUT":
			body = self.read_body()
			parts[int(query["partNumber"])] = body
			return self.answer(200, ETag=f'"{body.md5.hexdigest()}"')
		if self.command == "DELETE":
			del uploads[query["uploadId"]]
			return self.answer(204)
		return self.complete(bucket, key, query["uploadId"], begun, parts)

	def complete(self, bucket, key, upload, begun, parts):
		fields = self.fields()
		body = self.read_body(of_whole=True)
		numbers = [int(e.text) for e in et.fromstring(body.data).iter(NS + "PartNumber")]
		if numbers != sorted(parts):
			raise Refusal(400, "InvalidPart")
		if any(parts[n].size < 5 << 20 for n in numbers[:-1]):
			raise Refusal(400, "EntityTooSmall")
		name = begun.get("x-amz-checksum-algorithm", "").lower()
		if name:
			whole, total = 0, b""
			for n in numbers:
				whole = combine(name, whole, parts[n].crcs[name], parts[n].size)
			if begun.get("x-amz-checksum-type") != "FULL_OBJECT" or \
					fields.get("x-amz-checksum-" + name) != in_base64(name, whole):
				raise Refusal(400, "BadDigest")
		body.size = sum(parts[n].size for n in numbers)
		body.data = b""
		del self.server.uploads[upload]
		etag = f'"{binascii.hexlify(os.urandom(16)).decode()}-{len(numbers)}"'
		self.server.objects[bucket, key] = Object(body, begun, etag)
		self.answer(200, "<CompleteMultipartUploadResult><ETag>"
			f"{etag}</ETag></CompleteMultipartUploadResult>")


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
	daemon_threads = True
	request_queue_size = 64

	def note(self, handler, status):
		with self.lock:
			json.dump({"method": handler.command, "target": handler.path,
				"headers": handler.fields(), "status": status}, self.log)
			self.log.write("\n")
			self.log.flush()

	def refused(self):
		try:
			with open(self.where + "/refuse") as f:
				return f.read().split()
		except FileNotFoundError:
			return []


def main():
	where = sys.argv[1]
	server = Server(("127.0.0.1", 0), Handler)
	server.where, server.lock = where, threading.Lock()
	server.buckets, server.objects, server.uploads = {"sim": {}}, {}, {}
	server.log = open(where + "/requests", "w")
	with open(where + "/env.new", "w") as f:
		f.write("export AWS_ACCESS_KEY_ID=k AWS_SECRET_ACCESS_KEY=s AWS_REGION=us-east-1\n"
			f"export AWS_ENDPOINT_URL=http://127.0.0.1:{server.server_port}\n"
			f"SIM_REQUESTS='{where}/requests' SIM_REFUSE='{where}/refuse'\n")
	os.rename(where + "/env.new", where + "/env")
	server.serve_forever()


main()
