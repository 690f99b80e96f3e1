#ifndef TRUEUP_CCURL_SHIM_H
#define TRUEUP_CCURL_SHIM_H
#include <curl/curl.h>

/* Swift cannot call variadic functions: one wrapper for each type of argument. */

typedef size_t (*trueup_curl_data_callback)(char *, size_t, size_t, void *);
typedef int (*trueup_curl_prereq_callback)(void *, char *, char *, int, int);

static inline CURLcode trueup_curl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode trueup_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode trueup_curl_set_string(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode trueup_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode trueup_curl_set_headers(CURL *easy, struct curl_slist *headers) {
  return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
}

static inline CURLcode trueup_curl_set_data_callback(
    CURL *easy, CURLoption option, trueup_curl_data_callback callback) {
  return curl_easy_setopt(easy, option, callback);
}

static inline CURLcode trueup_curl_set_prereq_callback(
    CURL *easy, trueup_curl_prereq_callback callback) {
  return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode trueup_curl_get_long(CURL *easy, CURLINFO info, long *value) {
  return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode trueup_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

static inline CURLcode trueup_curl_message_result(const CURLMsg *message) {
  return message->data.result;
}
#endif
