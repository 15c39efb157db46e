/*
 * What libcurl's failures mean: for trying again, and for the reader.
 */
#include "net_private.h"

enum net_result
net_result_of(CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return NET_ANSWERED;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
		return NET_UNSENT;
	case CURLE_OUT_OF_MEMORY:
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ENGINE_NOTFOUND:
		return NET_FAILED;
	default:
		return NET_LOST;
	}
}

void
net_explain(CURLcode code, const char *detail, struct err *e)
{
	err_set(e, ERR_REMOTE, "%s", detail[0] != '\0' ? detail :
	    curl_easy_strerror(code));
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		err_hint(e, "check the endpoint's host name and the DNS");
		break;
	case CURLE_COULDNT_RESOLVE_PROXY:
		err_hint(e, "check the proxy's name (https_proxy, "
		    "http_proxy)");
		break;
	case CURLE_COULDNT_CONNECT:
		err_hint(e, "check that the server runs, the endpoint's port, "
		    "and firewalls");
		break;
	case CURLE_SSL_CONNECT_ERROR:
		err_hint(e, "check that the endpoint speaks https at this "
		    "port");
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
		err_hint(e, "if the server has a private CA, name its "
		    "certificate in AWS_CA_BUNDLE");
		break;
	case CURLE_SSL_CACERT_BADFILE:
		err_hint(e, "check the file that AWS_CA_BUNDLE names");
		break;
	case CURLE_OPERATION_TIMEDOUT:
		err_hint(e, "check the network between here and the server");
		break;
	default:
		break;
	}
}
