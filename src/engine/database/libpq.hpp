// libpq, loaded when a PostgreSQL is first asked for.
//
// Linked, it and the twenty libraries behind it (Kerberos, LDAP, GnuTLS) would cost every process memory and time at
// its start, also those that keep their rows in a file.
#pragma once

#include <libpq-fe.h>

#include "base/shared_library.hpp"

namespace odeon::database {

struct Libpq {
  SharedLibrary library{"libpq.so.5"};
  decltype(&::PQcancel) PQcancel = library["PQcancel"];
  decltype(&::PQclear) PQclear = library["PQclear"];
  decltype(&::PQcmdStatus) PQcmdStatus = library["PQcmdStatus"];
  decltype(&::PQcmdTuples) PQcmdTuples = library["PQcmdTuples"];
  decltype(&::PQconnectPoll) PQconnectPoll = library["PQconnectPoll"];
  decltype(&::PQconnectStartParams) PQconnectStartParams = library["PQconnectStartParams"];
  decltype(&::PQconninfoFree) PQconninfoFree = library["PQconninfoFree"];
  decltype(&::PQconninfoParse) PQconninfoParse = library["PQconninfoParse"];
  decltype(&::PQconsumeInput) PQconsumeInput = library["PQconsumeInput"];
  decltype(&::PQenterPipelineMode) PQenterPipelineMode = library["PQenterPipelineMode"];
  decltype(&::PQerrorMessage) PQerrorMessage = library["PQerrorMessage"];
  decltype(&::PQexitPipelineMode) PQexitPipelineMode = library["PQexitPipelineMode"];
  decltype(&::PQfinish) PQfinish = library["PQfinish"];
  decltype(&::PQflush) PQflush = library["PQflush"];
  decltype(&::PQfname) PQfname = library["PQfname"];
  decltype(&::PQfreeCancel) PQfreeCancel = library["PQfreeCancel"];
  decltype(&::PQfreemem) PQfreemem = library["PQfreemem"];
  decltype(&::PQftype) PQftype = library["PQftype"];
  decltype(&::PQgetCancel) PQgetCancel = library["PQgetCancel"];
  decltype(&::PQgetResult) PQgetResult = library["PQgetResult"];
  decltype(&::PQgetisnull) PQgetisnull = library["PQgetisnull"];
  decltype(&::PQgetlength) PQgetlength = library["PQgetlength"];
  decltype(&::PQgetvalue) PQgetvalue = library["PQgetvalue"];
  decltype(&::PQisBusy) PQisBusy = library["PQisBusy"];
  decltype(&::PQnfields) PQnfields = library["PQnfields"];
  decltype(&::PQnotifies) PQnotifies = library["PQnotifies"];
  decltype(&::PQntuples) PQntuples = library["PQntuples"];
  decltype(&::PQpipelineSync) PQpipelineSync = library["PQpipelineSync"];
  decltype(&::PQresultErrorField) PQresultErrorField = library["PQresultErrorField"];
  decltype(&::PQresultStatus) PQresultStatus = library["PQresultStatus"];
  decltype(&::PQsendPrepare) PQsendPrepare = library["PQsendPrepare"];
  decltype(&::PQsendQuery) PQsendQuery = library["PQsendQuery"];
  decltype(&::PQsendQueryParams) PQsendQueryParams = library["PQsendQueryParams"];
  decltype(&::PQsendQueryPrepared) PQsendQueryPrepared = library["PQsendQueryPrepared"];
  decltype(&::PQsetNoticeProcessor) PQsetNoticeProcessor = library["PQsetNoticeProcessor"];
  decltype(&::PQsetnonblocking) PQsetnonblocking = library["PQsetnonblocking"];
  decltype(&::PQsocket) PQsocket = library["PQsocket"];
  decltype(&::PQstatus) PQstatus = library["PQstatus"];
};

// Thread-safe. Throws Error{unavailable} if libpq is missing; the next call tries again.
const Libpq& libpq();

}  // namespace odeon::database
