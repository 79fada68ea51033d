// FFmpeg's libraries, loaded when they are first needed.
//
// Linked, they would cost every process 38 MB and 50 ms at its start, also those that never touch
// sound. So the room takes only types from their headers and calls through this table. Nothing else
// may name an av_… function, and header helpers that call one (av_err2str) are out too.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/error.h>
#include <libavutil/opt.h>
#include <libavutil/tx.h>
#include <libswresample/swresample.h>
}

#include <memory>
#include <string>

#include "base/shared_library.hpp"

namespace odeon::media {

struct Libav {
  Libav();  // also silences the libraries' own log, and bounds what they take at once

  SharedLibrary util{fmt::format("libavutil.so.{}", LIBAVUTIL_VERSION_MAJOR)};
  SharedLibrary resample{fmt::format("libswresample.so.{}", LIBSWRESAMPLE_VERSION_MAJOR)};
  SharedLibrary codec{fmt::format("libavcodec.so.{}", LIBAVCODEC_VERSION_MAJOR)};
  SharedLibrary format{fmt::format("libavformat.so.{}", LIBAVFORMAT_VERSION_MAJOR)};

  decltype(&::av_malloc) av_malloc = util["av_malloc"];
  decltype(&::av_free) av_free = util["av_free"];
  decltype(&::av_max_alloc) av_max_alloc = util["av_max_alloc"];
  decltype(&::av_log_set_level) av_log_set_level = util["av_log_set_level"];
  decltype(&::av_strerror) av_strerror = util["av_strerror"];
  decltype(&::av_dict_set) av_dict_set = util["av_dict_set"];
  decltype(&::av_dict_free) av_dict_free = util["av_dict_free"];
  decltype(&::av_opt_set_int) av_opt_set_int = util["av_opt_set_int"];
  decltype(&::av_opt_set_double) av_opt_set_double = util["av_opt_set_double"];
  decltype(&::av_frame_alloc) av_frame_alloc = util["av_frame_alloc"];
  decltype(&::av_frame_free) av_frame_free = util["av_frame_free"];
  decltype(&::av_frame_unref) av_frame_unref = util["av_frame_unref"];
  decltype(&::av_frame_get_buffer) av_frame_get_buffer = util["av_frame_get_buffer"];
  decltype(&::av_channel_layout_default) av_channel_layout_default = util["av_channel_layout_default"];
  decltype(&::av_channel_layout_copy) av_channel_layout_copy = util["av_channel_layout_copy"];
  decltype(&::av_channel_layout_compare) av_channel_layout_compare = util["av_channel_layout_compare"];
  decltype(&::av_channel_layout_uninit) av_channel_layout_uninit = util["av_channel_layout_uninit"];
  decltype(&::av_tx_init) av_tx_init = util["av_tx_init"];
  decltype(&::av_tx_uninit) av_tx_uninit = util["av_tx_uninit"];

  decltype(&::swr_alloc_set_opts2) swr_alloc_set_opts2 = resample["swr_alloc_set_opts2"];
  decltype(&::swr_init) swr_init = resample["swr_init"];
  decltype(&::swr_convert) swr_convert = resample["swr_convert"];
  decltype(&::swr_get_out_samples) swr_get_out_samples = resample["swr_get_out_samples"];
  decltype(&::swr_free) swr_free = resample["swr_free"];

  decltype(&::av_packet_alloc) av_packet_alloc = codec["av_packet_alloc"];
  decltype(&::av_packet_free) av_packet_free = codec["av_packet_free"];
  decltype(&::av_packet_unref) av_packet_unref = codec["av_packet_unref"];
  decltype(&::av_new_packet) av_new_packet = codec["av_new_packet"];
  decltype(&::av_packet_new_side_data) av_packet_new_side_data = codec["av_packet_new_side_data"];
  decltype(&::av_codec_iterate) av_codec_iterate = codec["av_codec_iterate"];
  decltype(&::av_codec_is_decoder) av_codec_is_decoder = codec["av_codec_is_decoder"];
  decltype(&::avcodec_find_decoder) avcodec_find_decoder = codec["avcodec_find_decoder"];
  decltype(&::avcodec_find_encoder_by_name) avcodec_find_encoder_by_name = codec["avcodec_find_encoder_by_name"];
  decltype(&::avcodec_alloc_context3) avcodec_alloc_context3 = codec["avcodec_alloc_context3"];
  decltype(&::avcodec_free_context) avcodec_free_context = codec["avcodec_free_context"];
  decltype(&::avcodec_parameters_to_context) avcodec_parameters_to_context = codec["avcodec_parameters_to_context"];
  decltype(&::avcodec_parameters_from_context) avcodec_parameters_from_context =
      codec["avcodec_parameters_from_context"];
  decltype(&::avcodec_open2) avcodec_open2 = codec["avcodec_open2"];
  decltype(&::avcodec_send_packet) avcodec_send_packet = codec["avcodec_send_packet"];
  decltype(&::avcodec_receive_frame) avcodec_receive_frame = codec["avcodec_receive_frame"];
  decltype(&::avcodec_send_frame) avcodec_send_frame = codec["avcodec_send_frame"];
  decltype(&::avcodec_receive_packet) avcodec_receive_packet = codec["avcodec_receive_packet"];

  decltype(&::avio_alloc_context) avio_alloc_context = format["avio_alloc_context"];
  decltype(&::avio_context_free) avio_context_free = format["avio_context_free"];
  decltype(&::avformat_alloc_context) avformat_alloc_context = format["avformat_alloc_context"];
  decltype(&::avformat_free_context) avformat_free_context = format["avformat_free_context"];
  decltype(&::avformat_open_input) avformat_open_input = format["avformat_open_input"];
  decltype(&::av_find_input_format) av_find_input_format = format["av_find_input_format"];
  decltype(&::av_probe_input_buffer2) av_probe_input_buffer2 = format["av_probe_input_buffer2"];
  decltype(&::avformat_close_input) avformat_close_input = format["avformat_close_input"];
  decltype(&::avformat_find_stream_info) avformat_find_stream_info = format["avformat_find_stream_info"];
  decltype(&::av_find_best_stream) av_find_best_stream = format["av_find_best_stream"];
  decltype(&::av_read_frame) av_read_frame = format["av_read_frame"];
  decltype(&::avformat_alloc_output_context2) avformat_alloc_output_context2 = format["avformat_alloc_output_context2"];
  decltype(&::avformat_new_stream) avformat_new_stream = format["avformat_new_stream"];
  decltype(&::avformat_write_header) avformat_write_header = format["avformat_write_header"];
  decltype(&::av_write_frame) av_write_frame = format["av_write_frame"];
  decltype(&::av_write_trailer) av_write_trailer = format["av_write_trailer"];
};

// Loads on the first call (about 50 ms) and keeps. Thread-safe. Throws Error{unavailable} if FFmpeg's
// libraries are missing; the next call tries again.
const Libav& libav();

// Throws Error{internal} that names `doing` when an FFmpeg call reports a failure; else returns its result.
int check_libav(int result, const char* doing);

// Options handed to a call that takes what it knows and leaves the rest.
class Dictionary {
 public:
  ~Dictionary() { libav().av_dict_free(&entries_); }
  void set(const char* key, const char* value) { libav().av_dict_set(&entries_, key, value, 0); }
  AVDictionary** get() { return &entries_; }

 private:
  AVDictionary* entries_ = nullptr;
};

struct FreeLibav {
  void operator()(AVFrame* frame) const { libav().av_frame_free(&frame); }
  void operator()(AVPacket* packet) const { libav().av_packet_free(&packet); }
  void operator()(AVCodecContext* context) const { libav().avcodec_free_context(&context); }
  void operator()(SwrContext* context) const { libav().swr_free(&context); }
};
template <class T>
using LibavPtr = std::unique_ptr<T, FreeLibav>;

}  // namespace odeon::media
