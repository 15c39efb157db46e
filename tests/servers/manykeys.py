#!/usr/bin/python3
"""A scripted S3 server that has a bucket of very many backups.

usage: manykeys.py DIR COUNT SEALED-FILE

No real server holds 100,000 objects within a test's time.  The folder
"backups/" of any bucket holds COUNT objects, one an hour back from
2026-01-01, each with the bytes of SEALED-FILE; requests are answered as S3
does, signatures are not checked.  DIR/port gets the port when it is ready,
DIR/deleted a line for each key deleted.
"""
import datetime
import email.utils
import http.server
import os
import re
import socketserver
import sys
import threading
import urllib.parse
import xml.etree.ElementTree as et

NEWEST = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
PAGE = 1000
ENTRY = ("<Contents><Key>{}</Key><LastModified>2026-01-01T00:00:00.000Z"
	"</LastModified><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag>"
	"<Size>{}</Size><StorageClass>STANDARD</StorageClass></Contents>")


def make_keys(count):
	hour = datetime.timedelta(hours=1)
	return sorted(f"backups/a_rather_long_name_{NEWEST - i * hour:%Y%m%d_%H%M%S}"
		".sql.gz" for i in range(count))


class Handler(http.server.BaseHTTPRequestHandler):
	protocol_version = "HTTP/1.1"
	disable_nagle_algorithm = True
	wbufsize = -1

	def log_message(self, *args):
		pass

	def date_time_string(self, timestamp=None):
		return email.utils.format_datetime(NEWEST, usegmt=True)

	def answer(self, status, body, **headers):
		self.send_response(status)
		self.send_header("Content-Length", str(len(body)))
		for name, value in headers.items():
			self.send_header(name.replace("_", "-"), value)
		self.end_headers()
		self.wfile.write(body)
		self.wfile.flush()

	def xml(self, text):
		self.answer(200, ('<?xml version="1.0" encoding="UTF-8"?>' + text).encode(),
			Content_Type="application/xml")

	def list(self, query):
		keys = self.server.keys
		start = int(query.get("continuation-token", ["0"])[0])
		end = min(start + PAGE, len(keys))
		more = end < len(keys)
		size = len(self.server.sealed)
		self.xml("<ListBucketResult><EncodingType>url</EncodingType>"
			f"<IsTruncated>{str(more).lower()}</IsTruncated>"
			+ (f"<NextContinuationToken>{end}</NextContinuationToken>" if more else "")
			+ "".join(ENTRY.format(key, size) for key in keys[start:end])
			+ "</ListBucketResult>")

	def do_GET(self):
		path, _, text = self.path.partition("?")
		query = urllib.parse.parse_qs(text, keep_blank_values=True)
		if "list-type" in query:
			return self.list(query)
		if "uploads" in query:
			return self.xml("<ListMultipartUploadsResult><IsTruncated>false"
				"</IsTruncated></ListMultipartUploadsResult>")
		first, last = map(int, re.match(r"bytes=(\d+)-(\d+)$",
			self.headers["Range"]).groups())
		data = self.server.sealed
		return self.answer(206, data[first:last + 1], ETag='"x"',
			Content_Range=f"bytes {first}-{last}/{len(data)}")

	def do_POST(self):
		body = self.rfile.read(int(self.headers["Content-Length"]))
		keys = [e.text for e in et.fromstring(body).iter() if e.tag.endswith("Key")]
		with self.server.lock:
			self.server.deleted.writelines(key + "\n" for key in keys)
			self.server.deleted.flush()
		self.xml("<DeleteResult>" + "".join(
			f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
			+ "</DeleteResult>")


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
	daemon_threads = True


def main():
	where, count, sealed = sys.argv[1:]
	server = Server(("127.0.0.1", 0), Handler)
	server.keys = make_keys(int(count))
	server.lock = threading.Lock()
	with open(sealed, "rb") as f:
		server.sealed = f.read()
	server.deleted = open(where + "/deleted", "w")
	with open(where + "/port.new", "w") as f:
		f.write(str(server.server_port))
	os.rename(where + "/port.new", where + "/port")
	server.serve_forever()


main()
