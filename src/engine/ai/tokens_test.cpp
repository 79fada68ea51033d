// Our estimate beside what OpenAI's own tokenizer counts (js-tiktoken, cl100k), on prose in many languages and on code.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <fstream>

#include "base/json.hpp"
#include "engine/ai/complexity.hpp"
#include "testing/scratch.hpp"

namespace odeon::ai {
namespace {

struct Sample {
  const char* what;
  const char* text;
};

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all{
      {"English",
       "The ferry had been late for three days in a row, and nobody on the island believed the timetable any more. "
       "Martha, who sold the tickets, kept a notebook in which she wrote down the real hour of every arrival, together "
       "with the weather and the mood of the captain. By the end of the summer she could tell from the colour of the "
       "water whether the boat would come before noon. When the company finally asked her how she did it, she handed "
       "them the notebook and said that the sea was perfectly punctual; it was only the paper that was wrong."},
      {"English, technical",
       "Our service keeps a queue of jobs in PostgreSQL. Under heavy load the workers claim the same rows twice, which "
       "we traced to a missing lock in the claiming query. Please explain how SELECT ... FOR UPDATE SKIP LOCKED "
       "behaves "
       "at the isolation level READ COMMITTED, what happens when a worker crashes between claiming and finishing, and "
       "whether advisory locks would be cheaper. We process about 12,500 jobs a minute on 8 cores with 32 GB of "
       "memory."},
      {"German",
       "Die alte Bibliothek am Marktplatz sollte eigentlich schon vor Jahren geschlossen werden, aber jedes Mal, wenn "
       "der Stadtrat darüber abstimmte, erschienen plötzlich hunderte Menschen mit ausgeliehenen Büchern unter dem "
       "Arm. "
       "Der Bürgermeister verstand nicht, warum ausgerechnet dieses Gebäude so wichtig war. Erst als seine Tochter ihm "
       "erzählte, dass sie dort heimlich Klavier spielte, weil im Keller ein verstimmtes Instrument stand, begann er, "
       "die Öffnungszeiten zu verlängern statt zu kürzen."},
      {"French",
       "Chaque matin, le boulanger ouvrait ses volets avant le lever du soleil et posait sur le rebord de la fenêtre "
       "un "
       "petit pain pour le chat du voisin. Personne ne savait depuis combien de temps durait cette habitude, mais les "
       "enfants de l'école affirmaient que le chat refusait de manger le dimanche, quand la boutique restait fermée. "
       "Un jour, le boulanger tomba malade, et ce fut le chat qui, en miaulant devant la porte, prévint tout le "
       "quartier "
       "que quelque chose n'allait pas."},
      {"Spanish",
       "Cuando terminó la tormenta, los pescadores descubrieron que el faro había girado hacia el interior del valle. "
       "Nadie se explicaba cómo una torre de piedra podía darse la vuelta en una sola noche, pero desde entonces las "
       "ovejas encontraban el camino a casa sin ayuda. El alcalde propuso pedir dinero al gobierno para corregirla; "
       "los "
       "pastores, en cambio, pidieron que la dejaran como estaba, porque los barcos, al fin y al cabo, ya tenían mapas "
       "electrónicos y las ovejas no."},
      {"Italian",
       "Nella piazza del paese c'era un orologio che andava avanti di sette minuti. Gli abitanti lo sapevano e si "
       "erano "
       "abituati ad arrivare sempre in ritardo di sette minuti, cosicché nessuno perdeva mai il treno. Quando un "
       "tecnico "
       "venuto dalla città decise di ripararlo, scoppiò una confusione tale che il macellaio e il farmacista smisero "
       "di "
       "parlarsi. Alla fine fu il parroco, di notte, a rimettere le lancette come prima."},
      {"Turkish",
       "Köyün girişindeki çınar ağacının altında her akşam yaşlı bir adam oturur, gelip geçenlere saatin kaç olduğunu "
       "sorardı. Kolunda gümüş bir saat vardı ama kimse ona bakmadığını fark etmemişti. Bir gün küçük bir kız, neden "
       "kendi saatine bakmadığını sordu. Adam gülümsedi ve saatin yıllar önce durduğunu, ama insanlarla konuşmak için "
       "bundan daha iyi bir bahane bulamadığını söyledi."},
      {"Portuguese",
       "O carteiro conhecia todas as janelas da rua e sabia, pela posição das cortinas, quem estava à espera de "
       "notícias. "
       "Certo dia entregou uma carta sem remetente à senhora do número quarenta, que a guardou durante semanas sem a "
       "abrir. Quando lhe perguntaram porquê, respondeu que uma carta fechada ainda podia ser qualquer coisa, enquanto "
       "uma carta aberta só podia ser uma, e que na sua idade preferia as possibilidades."},
      {"Russian",
       "В маленьком городе у реки жил часовщик, который никогда не носил часов. Он узнавал время по тому, как звучали "
       "шаги прохожих: утром люди торопились, к полудню ступали тише, а вечером почти не касались земли. Однажды зимой "
       "выпало столько снега, что шагов совсем не стало слышно, и часовщик проспал три дня подряд. Проснувшись, он "
       "решил "
       "всё-таки починить свои старые ходики."},
      {"Chinese",
       "小镇的车站每天只有两班火车，站长却把每一分钟都安排得很满。早上他擦洗月台，中午给候车室的花浇水，傍晚在黑板上写"
       "下第二天的天气。"
       "有人问他，为什么要为这么少的乘客费这么多心思。他回答说，火车可以少，等待的人却不应该觉得自己被忘记。"
       "后来铁路公司决定关闭这个车站，镇上的居民便轮流买票，一连坐了三十天的车，终于让公司改变了主意。"},
      {"Japanese",
       "港の近くに、小さな時計屋がありました。店の主人は毎朝、海の色を見てから店を開けるかどうかを決めていました。"
       "青い日は開け、灰色の日は休みます。ある日、旅の若者が壊れた懐中時計を持ってきて、すぐに直してほしいと頼みました"
       "。"
       "主人は空を見上げて、明日の海が青ければ直しましょうと答えました。若者は笑って、三日間その町に泊まることにしまし"
       "た。"},
      {"Polish",
       "Na skraju wsi stał młyn, którego koło obracało się tylko wtedy, gdy ktoś opowiadał historię. Młynarz zapraszał "
       "więc podróżnych na herbatę i prosił, żeby mówili jak najdłużej. Najlepszą mąkę zmielono podczas opowieści o "
       "statku, który zgubił drogę do morza; ludzie mówili, że chleb z niej pachniał solą. Kiedy młynarz zestarzał się "
       "i "
       "ogłuchł, koło obracało się dalej, bo jego wnuczka nauczyła się opowiadać."},
      {"Korean",
       "바닷가 마을에 작은 우체국이 있었습니다. 우체국장은 편지를 배달하기 전에 봉투의 무게를 손으로 재어 보고, 무거운 "
       "편지는 "
       "언제나 아침에 전했습니다. 나쁜 소식은 햇빛 속에서 읽는 것이 낫다고 생각했기 때문입니다. 어느 겨울, 편지가 한 "
       "통도 오지 "
       "않자 그는 마을 사람들에게 서로 편지를 써 달라고 부탁했습니다."},
      {"Arabic",
       "كان في القرية بئر قديمة لا يشرب منها أحد، لأن ماءها كان مالحا في الصيف وعذبا في الشتاء. وذات يوم جاء مهندس من "
       "المدينة وقال إن البئر متصلة بالبحر من تحت الأرض. ضحك الشيوخ وقالوا إنهم يعرفون ذلك منذ مئة عام، لكنهم لم "
       "يخبروا "
       "البحر."},
      {"Hindi",
       "गाँव के बाहर एक पुराना पुल था जिस पर से कोई रात में नहीं गुज़रता था। बच्चे कहते थे कि पुल के नीचे एक बूढ़ी नदी सोती है "
       "और जागने पर रास्ता बदल लेती है। एक साल बारिश नहीं हुई और सब लोग पुल पर जमा होकर नदी को कहानियाँ सुनाने लगे।"},
      {"C++",
       "#include <algorithm>\n#include <vector>\n\nstd::vector<int> merge_sorted(const std::vector<int>& left, const "
       "std::vector<int>& right) {\n  std::vector<int> merged;\n  merged.reserve(left.size() + right.size());\n  "
       "std::size_t i = 0, j = 0;\n  while (i < left.size() && j < right.size()) {\n    if (left[i] <= right[j])\n     "
       " "
       "merged.push_back(left[i++]);\n    else\n      merged.push_back(right[j++]);\n  }\n  "
       "merged.insert(merged.end(), "
       "left.begin() + static_cast<std::ptrdiff_t>(i), left.end());\n  merged.insert(merged.end(), right.begin() + "
       "static_cast<std::ptrdiff_t>(j), right.end());\n  return merged;\n}\n"},
      {"Python",
       "import json\nfrom collections import defaultdict\n\n\ndef totals_by_user(path):\n    \"\"\"Adds up what each "
       "user "
       "spent, in cents.\"\"\"\n    totals = defaultdict(int)\n    with open(path, encoding=\"utf-8\") as lines:\n     "
       "   "
       "for number, line in enumerate(lines, start=1):\n            try:\n                entry = json.loads(line)\n   "
       "   "
       "      except ValueError as error:\n                raise SystemExit(f\"line {number}: {error}\")\n            "
       "if "
       "entry.get(\"kind\") == \"payment\":\n                totals[entry[\"user_id\"]] += "
       "int(entry[\"amount_cents\"])\n "
       "   return dict(totals)\n"},
      {"JSON",
       "{\"id\": \"evt_18f2\", \"type\": \"subscription.updated\", \"created\": 1795159800, \"data\": {\"customer\": "
       "\"cus_9X2\", \"plan\": {\"name\": \"premium\", \"interval\": \"month\", \"amount\": 4999, \"currency\": "
       "\"usd\"}, "
       "\"status\": \"active\", \"items\": [{\"quantity\": 1, \"price\": \"price_71\"}, {\"quantity\": 3, \"price\": "
       "\"price_72\"}]}}"},
  };
  return all;
}

TEST(Tokens, AreEstimatedWithinAFifthOfTheRealCount) {
  const std::string installed = ODEON_BUILD_DIR "/npm/ai_tokens";
  ASSERT_EQ(
      std::system((ODEON_SOURCE_DIR "/scripts/npm-install " ODEON_SOURCE_DIR "/src/engine/ai/tokens_peer " + installed)
                      .c_str()),
      0);
  testing::ScratchFolder folder;
  json::array texts;
  for (const auto& sample : samples()) texts.push_back(json::value(sample.text));
  std::ofstream(folder / "texts.json") << json::write(json::value(texts));
  ASSERT_EQ(
      std::system(
          fmt::format("node {}/count.mjs < {} > {}", installed, folder / "texts.json", folder / "counts.json").c_str()),
      0);
  std::ifstream file(folder / "counts.json");
  const auto counts = json::parse(std::string{std::istreambuf_iterator<char>(file), {}}).as_array();
  ASSERT_EQ(counts.size(), samples().size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double real = counts[i].to_number<double>(), ours = static_cast<double>(estimate_tokens(samples()[i].text));
    EXPECT_NEAR(ours / real, 1, 0.2) << samples()[i].what << ": " << ours << " for " << real;
  }
}

TEST(Tokens, OfNothingAreNone) {
  EXPECT_EQ(estimate_tokens(""), 0);
  EXPECT_EQ(estimate_tokens("a"), 1);
  EXPECT_EQ(estimate_tokens("Hello, world!"), 4);
}

TEST(Tokens, OfALongTextAreInProportion) {
  std::string book;
  while (book.size() < 2'000'000) book += samples().front().text;
  const double one = static_cast<double>(estimate_tokens(samples().front().text));
  const double copies =
      static_cast<double>(book.size()) / static_cast<double>(std::string_view(samples().front().text).size());
  EXPECT_NEAR(static_cast<double>(estimate_tokens(book)) / (one * copies), 1, 0.05);
}

RC_GTEST_PROP(Tokens, AreSomeForAnyBytesAndAtMostThreeAByte, (const std::string& bytes)) {
  const auto tokens = estimate_tokens(bytes);
  RC_ASSERT(tokens >= (bytes.find_first_not_of(" \t\n\v\f\r") == std::string::npos ? 0 : 1));
  RC_ASSERT(tokens <= 3 * std::ssize(bytes));
}

// What is said twice counts twice, but for a token where the two meet.
RC_GTEST_PROP(Tokens, AddUp, ()) {
  const std::string first = samples()[*rc::gen::inRange<std::size_t>(0, samples().size())].text;
  const auto once = estimate_tokens(first), twice = estimate_tokens(first + "\n" + first);
  RC_ASSERT(std::abs(twice - 2 * once) <= 2);
}

}  // namespace
}  // namespace odeon::ai
