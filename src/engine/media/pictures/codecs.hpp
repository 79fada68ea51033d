// The libraries that read and write files, each loaded when it is first needed, as Cairo is (cairo.hpp). Only types are
// taken from their headers. All calls are thread-safe and throw Error{unavailable} if a library is missing.
#pragma once

#include <lcms2.h>
#include <libdeflate.h>
#include <png.h>
#include <turbojpeg.h>
#include <webp/decode.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include "base/shared_library.hpp"

namespace odeon::pictures {

struct Turbojpeg {
  SharedLibrary library{"libturbojpeg.so.0"};
  decltype(&::tjCompress2) tjCompress2 = library["tjCompress2"];
  decltype(&::tjDecompress2) tjDecompress2 = library["tjDecompress2"];
  decltype(&::tjDecompressHeader3) tjDecompressHeader3 = library["tjDecompressHeader3"];
  decltype(&::tjDestroy) tjDestroy = library["tjDestroy"];
  decltype(&::tjFree) tjFree = library["tjFree"];
  decltype(&::tjGetErrorCode) tjGetErrorCode = library["tjGetErrorCode"];
  decltype(&::tjGetErrorStr2) tjGetErrorStr2 = library["tjGetErrorStr2"];
  decltype(&::tjInitCompress) tjInitCompress = library["tjInitCompress"];
  decltype(&::tjInitDecompress) tjInitDecompress = library["tjInitDecompress"];
};
const Turbojpeg& turbojpeg();

struct Libpng {
  SharedLibrary library{"libpng16.so.16"};
  decltype(&::png_image_begin_read_from_memory) png_image_begin_read_from_memory =
      library["png_image_begin_read_from_memory"];
  decltype(&::png_image_finish_read) png_image_finish_read = library["png_image_finish_read"];
  decltype(&::png_image_free) png_image_free = library["png_image_free"];
};
const Libpng& libpng();

struct Webp {
  SharedLibrary library{"libwebp.so.7"};
  decltype(&::WebPConfigInitInternal) WebPConfigInitInternal = library["WebPConfigInitInternal"];
  decltype(&::WebPDecode) WebPDecode = library["WebPDecode"];
  decltype(&::WebPEncode) WebPEncode = library["WebPEncode"];
  decltype(&::WebPInitDecoderConfigInternal) WebPInitDecoderConfigInternal = library["WebPInitDecoderConfigInternal"];
  decltype(&::WebPMemoryWrite) WebPMemoryWrite = library["WebPMemoryWrite"];
  decltype(&::WebPMemoryWriterClear) WebPMemoryWriterClear = library["WebPMemoryWriterClear"];
  decltype(&::WebPMemoryWriterInit) WebPMemoryWriterInit = library["WebPMemoryWriterInit"];
  decltype(&::WebPPictureFree) WebPPictureFree = library["WebPPictureFree"];
  decltype(&::WebPPictureInitInternal) WebPPictureInitInternal = library["WebPPictureInitInternal"];
};
const Webp& webp();

struct WebpMux {
  SharedLibrary library{"libwebpmux.so.3"};
  decltype(&::WebPMuxAssemble) WebPMuxAssemble = library["WebPMuxAssemble"];
  decltype(&::WebPMuxDelete) WebPMuxDelete = library["WebPMuxDelete"];
  decltype(&::WebPMuxSetChunk) WebPMuxSetChunk = library["WebPMuxSetChunk"];
  decltype(&::WebPMuxSetImage) WebPMuxSetImage = library["WebPMuxSetImage"];
  decltype(&::WebPNewInternal) WebPNewInternal = library["WebPNewInternal"];
  decltype(&::WebPFree) WebPFree = webp().library["WebPFree"];
};
const WebpMux& webp_mux();

struct Deflate {
  SharedLibrary library{"libdeflate.so.0"};
  decltype(&::libdeflate_alloc_compressor) libdeflate_alloc_compressor = library["libdeflate_alloc_compressor"];
  decltype(&::libdeflate_alloc_decompressor) libdeflate_alloc_decompressor = library["libdeflate_alloc_decompressor"];
  decltype(&::libdeflate_crc32) libdeflate_crc32 = library["libdeflate_crc32"];
  decltype(&::libdeflate_free_compressor) libdeflate_free_compressor = library["libdeflate_free_compressor"];
  decltype(&::libdeflate_free_decompressor) libdeflate_free_decompressor = library["libdeflate_free_decompressor"];
  decltype(&::libdeflate_zlib_compress) libdeflate_zlib_compress = library["libdeflate_zlib_compress"];
  decltype(&::libdeflate_zlib_compress_bound) libdeflate_zlib_compress_bound =
      library["libdeflate_zlib_compress_bound"];
  decltype(&::libdeflate_zlib_decompress) libdeflate_zlib_decompress = library["libdeflate_zlib_decompress"];
};
const Deflate& deflate();

struct Lcms {
  SharedLibrary library{"liblcms2.so.2"};
  decltype(&::cmsCloseProfile) cmsCloseProfile = library["cmsCloseProfile"];
  decltype(&::cmsCreateContext) cmsCreateContext = library["cmsCreateContext"];
  decltype(&::cmsCreateTransformTHR) cmsCreateTransformTHR = library["cmsCreateTransformTHR"];
  decltype(&::cmsCreate_sRGBProfileTHR) cmsCreate_sRGBProfileTHR = library["cmsCreate_sRGBProfileTHR"];
  decltype(&::cmsDeleteContext) cmsDeleteContext = library["cmsDeleteContext"];
  decltype(&::cmsDeleteTransform) cmsDeleteTransform = library["cmsDeleteTransform"];
  decltype(&::cmsDoTransform) cmsDoTransform = library["cmsDoTransform"];
  decltype(&::cmsGetColorSpace) cmsGetColorSpace = library["cmsGetColorSpace"];
  decltype(&::cmsOpenProfileFromMemTHR) cmsOpenProfileFromMemTHR = library["cmsOpenProfileFromMemTHR"];
};
const Lcms& lcms();

}  // namespace odeon::pictures
