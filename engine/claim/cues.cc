#include "engine/claim/cues.h"

#include <array>

namespace annals {
namespace {

template <class Cue>
constexpr WordRow row(Cue cue, std::string_view words) {
  return {static_cast<Sense>(cue), words};
}

constexpr auto kSourceRows = std::to_array<WordRow>({
    // Words that only hold a cue by accident.
    row(SourceCue::kNone, "劝说|游说|听说|学说|传说|虽说|来说|可以说|应该说|也就是说|说服|说法|称为|被称为|称之为|称作|不用说|话说|难说|号称|简称|名称|职称|对称|堪称|俗称|统称|全称|代称|据点|数据|依据|证据|占据|根据地|收据|说法|说明书|小说|据此|论据|票据|单据|"
                          "市场份额|市场规模|市场化|市场准入|市场需求|市场价值|市场空间|市场表现|市场占有率|市场价格|市场情绪|媒体查询|投资人会议|投资人大会|投资者会议|投资者大会|投资人关系|投资者关系|投资人日|资本市场|"
                          "消息面|信息披露|披露文件|宣布会|说道理|其他|其它|他国|他们|吉他|他人|机构调研|分析框架|分析仪"),
    row(SourceCue::kSays, "表示|称|指出|认为|强调|透露|坦言|宣布|回应称|回应|回应表示|澄清|说|补充|补充道|补充说|披露|写道|警告|承认|告诉|直言|坚称|声称|宣称|"
                          "谈到|提到|提及|呼吁|解释|解释称|证实|确认|公告称|发文称|发文|发帖|发帖称|介绍|反馈|建议|评论称|批评|主张|相信|担心|担忧|"
                          "表态|否认|辟谣|报告称|报告显示|"
                          "said|says|say|told|stated|states|announced|announces|noted|notes|added|adds|wrote|writes|confirmed|confirms|warned|warns|"
                          "argued|argues|believes|acknowledged|acknowledges|denied|denies|claimed|claims|stressed|disclosed|reiterated|explained"),
    row(SourceCue::kExpects, "预计|预测|预期|判断|估计|推算|测算|看好|看涨|预判|预估|预言|"
                             "expects|expect|forecasts|forecast|predicts|predict|predicted|estimates|projects|sees|anticipates"),
    row(SourceCue::kRates, "上调|下调|上修|下修|给予|维持|重申|看高|首次覆盖|大幅上调|大幅下调|raised its price target|cut its price target|raised its target|upgraded|downgraded|reiterated"),
    row(SourceCue::kReports, "报道|报道称|报道说|报导|报导称|爆料|爆料称|曝光|reported|reports"),
    row(SourceCue::kAccording, "据|根据|按照|according to|as per"),
    row(SourceCue::kCites, "援引|引述|引用|citing|cites|cited"),
    row(SourceCue::kAnonymous, "知情人士|消息人士|业内人士|行业人士|业界人士|内部人士|市场人士|有关人士|相关人士|接近交易的人士|熟悉情况的人士|匿名人士|"
                               "人士|不愿具名|专家|从业者|投资人|前官员|官员|供应链人士|供应链消息|产业链消息|知情者|"
                               "people familiar with the matter|two people|three people|several people|four people|two sources|three sources|people briefed on the matter|a person familiar with the matter|people familiar|person familiar with the matter|sources|source|insiders|an insider|"
                               "an official|officials|an expert|experts|unnamed official"),
    row(SourceCue::kCrowd, "市场|业界|业内|媒体|外媒|多家媒体|分析|分析师|分析人士|机构|观点|有观点|舆论|投资者|一方|另一方|各方|华尔街|市场共识|"
                           "市场看法|国内舆论|券商|研究机构|投行|有分析|"
                           "analysts|an analyst|analyst|the market|markets|media|investors|local media|observers|critics|some"),
    row(SourceCue::kDocument, "财报|最新财报|公告|招股书|招股说明书|年报|季报|半年报|报告|研报|声明|文件|备忘录|纪要|公开信息|公开资料|filing|"
                              "the filing|prospectus|a report|the report|a statement|earnings report|annual report"),
    row(SourceCue::kHearsay, "据报道|据报|据悉|据传|据称|据说|据了解|据消息|传闻称|传闻|传言|网传|坊间|市场传闻|市场消息称|消息称|有报道称|有报道|报道称|有报导|盛传|"
                             "reportedly|rumoured|rumored|rumours|rumors|rumour|rumor|is said to|are said to|was said to|allegedly"),
    row(SourceCue::kRumour, "有消息称|有消息|有消息指|有传闻称|有传闻|有传言称|有传言|市场消息"),
    row(SourceCue::kPronoun, "他|她|他还|她还|他又|he|she"),
    row(SourceCue::kTitle, "首席执行官|首席财务官|财务长|执行长|营运长|技术长|首席运营官|首席技术官|首席经济学家|董事长|总裁|副总裁|总经理|创始人|联合创始人|ceo|cfo|coo|cto|发言人|分析师|"
                           "部长|主席|总统|总理|院长|主任|秘书|研究员|董事|行政总裁|主管|负责人|"
                           "chief executive|chief financial officer|chairman|president|spokesperson|spokesman|spokeswoman|founder|analyst|secretary|minister"),
});

constexpr auto kStanceRows = std::to_array<WordRow>({
    row(StanceCue::kNone, "记者会|发布会|大会|议会|委员会|协会|学会|社会|晚会|年会|峰会|商会|立法会|董事会|股东会|工会|座谈会|音乐会|展会|博览会|听证会|奥运会|运动会|教会|聚会|酒会|盛会|例会|理事会|联合会|研讨会|说明会|展览会|扣除非经常性|扣除非|解除非|不断|不仅|不同|不过|不得不|不少|不久|不足|不及|不如|不超|不低于|不含税|不高于|不到|不止|不只|不管|不论|不但|不单|不惜|不利|不锈|不良|不愧|不妨|不可避免|"
                          "once more|once again|at once|all at once|once a |once per|新希望|不限于|不可或缺|不约而同|不排除|不低|不变|不易|不宜|不大|不小|不多|不高|不等|不实用|不俗|不菲|了不起|不愿具名|"
                          "没收|没落|淹没|未来式|未婚|无人机|无人驾驶|无线|无论|无疑|无锡|无尘|"
                          "将近|将军|将士|将来式|大将|名将|麻将|干将|小将|老将|"
                          "计划经济|计划书|计划单列|目标价|目标客户|目标公司|目标市场|目标价格|虚拟|模拟|拟合|拟态|比拟|"
                          "若干|假若是|般若|兰若|倘若干|如果酱|要是|可能性|可能是因为|或者|或许可|抑或|或多或少|"
                          "现货|现金|现场|现有|现代|现象|实现|出现|发现|体现|表现|展现|呈现|兑现|再现|涌现|变现|现行|现价|现阶段性|"
                          "已故|已婚|一旦是|曾经沧海|曾国藩|曾姓|曾氏|曾毓群|尚可|高尚|时尚|和尚|尚德|崇尚|仍然是|当前者|正式员工|之前|以前|"
                          "料理|原料|材料|资料|饮料|燃料|塑料|涂料|面料|染料|布料|肥料|预料|废料|饲料|意料|物料|石料|木料|料号|"
                          "希望工程|期望值|预期差|可能会议|不明|不确定性|不确定|不清|不准确|"
                          "并非仅|并非只|并非唯一|并非首|不只|不单|不光|not just|not only|no longer than|no less than|no more than|not least|no. |may day|in may|of may|since may|by may|until may|last may|early may|late may|mid-may|will power|goodwill|to date|due to"),
    row(StanceCue::kNot, "不太可能|不大可能|不可能|不太会|不|未|没有|没|并未|尚未|并不|未能|不会|不再|从未|未曾|不是|无法|不能|并没有|还没有|还未|暂未|暂无|尚无|拒绝|未被|"
                         "not|no|never|cannot|can't|won't|doesn't|didn't|isn't|hasn't|haven't|has yet to|have yet to|without|neither|nor|refused|refuses|refuse"),
    row(StanceCue::kDenial, "反驳|驳斥|否定了|否认|辟谣|不属实|不实|并非|失实|子虚乌有|不准确报道|澄清并无|denied|denies|deny|denying|false|untrue|refuted|dismissed"),
    row(StanceCue::kStopped, "阻止|叫停|撤销|搁置|未被纳入|未获通过|被否决|否决|流产|告吹|放弃|取消|"
                             "blocked|stopped|scrapped|shelved|dropped|called off|abandoned|rejected|vetoed|cancelled|canceled"),
    row(StanceCue::kForecast, "预计|预期|有望|或将|或会|或于|或在|或可|或需|或达|或超|或冲|或成|或面临|或推迟|或再|或进一步|或迎|或被|或是|或因|或能|可能|预测|料将|料会|料|估计|"
                              "恐将|恐|势必|应会|大概率|很可能|或许|也许|预判|预估|看好|基本会|会同意|市场预期|普遍预计|推算|"
                              "expected|expects|expect|likely|may|might|could|forecast|forecasts|projected|projects|estimates|predicts|anticipates|probably|possibly|would"),
    row(StanceCue::kChance, "可能性高|可能性大|可能性较大|可能性很大|可能性较高|概率|几率|风险|机会|risk of|odds|chance|chances|likelihood"),
    row(StanceCue::kPlan, "拟|计划|打算|准备|筹划|目标|有意|力争|争取|旨在|预定|定于|拟于|拟向|希望|希冀|寻求|希望能|酝酿|预备|意欲|谋求|考虑|研究|评估|等待|静待|只待|等候|"
                          "in talks to|in talks with|in talks|in discussions to|looking to|gearing up to|plans|plan|planned|planning|aims|aiming|aim|intends|intend|set to|scheduled|going to|slated|targets|targeting|hopes|hoping|seeks|seeking|considering|weighing|preparing"),
    row(StanceCue::kWill, "将|即将|将会|将于|将在|将自|将要|会在|会于|将由|将从|将被|将向|将对|将与|will|shall|about to|is to|are to|'ll"),
    row(StanceCue::kCondition, "若|如果|假如|倘若|一旦|只要|除非|即使|即便|假设|如若|如能|如获|若能|假使|要是|若是|万一|if|unless|once|provided that|even if|as long as"),
    row(StanceCue::kPast, "此前|曾|曾经|最初|一度|原先|原本|起初|过去|先前|早前|当时|历史上|前期|早些时候|原来|昔日|原先曾|"
                          "formerly|previously|once|initially|earlier|had been|used to|had|originally|at one time|before that|until recently|in the past"),
    row(StanceCue::kPresent, "目前|仍|仍然|现|现在|现时|当前|依然|依旧|尚|迄今|至今|如今|仍需|还需|现阶段|一直|始终|"
                             "still|currently|now|remains|remain|so far|to date|at present|presently|yet"),
    row(StanceCue::kPerfect, "已|已经|正式|完成|成功|业已|刚刚|刚|近日|日前|has|have|already|officially|formally|just"),
    row(StanceCue::kAfter, "之后|以后|后|获批后|放开后|after|following"),
    row(StanceCue::kQuestion, "是否|会不会|能否|可否|是不是|要不要|有没有|吗|为何|为什么|whether|why|what if"),
    row(StanceCue::kFutureThing, "未来|后续|下一步|接下来|短期内|长期|明年|next|future"),
});

constexpr auto kFrameRows = std::to_array<WordRow>({
    row(FrameCue::kNone, "其中|其实|其他|其它|其次|其余|尤其|极其|何其|与其|上市公司|子公司|母公司|股份公司|有限公司|多家公司|两家公司|几家公司|各公司|公司债|"
                         "共和|饱和|缓和|温和|总和|和平|和谐|和解|和硕|柔和|中和|普及|以及时|及时|涉及|提及|波及|危及|不及|及格|埃及|参与|与会|给与|与否|赠与|与日俱增|"
                         "目的|的确|的士|标的|的话|美国公司|中国公司|芯片公司|ai公司|科技公司|互联网公司|gpu公司|国产gpu公司|基金公司|证券公司|政府部门|政府工作|地方政府|"
                         "本公司章程|海关总署署长"),
    row(FrameCue::kAnd, "、|和|及|与|以及|或|暨|&|/|and|or|as well as"),
    row(FrameCue::kCompany, "公司|该公司|本公司|集团|该集团|该企业|该厂商|我们|我司|发行人|the company|the group|the firm|the chipmaker|the chip maker|the startup|the start-up|we|our"),
    row(FrameCue::kIts, "其|它|its|it|their"),
    row(FrameCue::kThisProduct, "该芯片|此芯片|这款芯片|这一芯片|该产品|此产品|这款产品|该款产品|该款芯片|该晶片|这款晶片|这些芯片|上述芯片|上述产品|该系列|该型号|该gpu|该cpu|该处理器|这款处理器|该加速器|该款处理器|该模型|该架构|"
                                "the chip|the chips|this chip|these chips|the product|the processor|the accelerator|the part"),
    row(FrameCue::kToChina, "对华|在华|输华|入华|赴华|向中国|对中国|给中国|到中国|至中国|往中国|在中国|进入中国|进中国|返回中国|销往中国|售往中国|中国市场|中国客户|中国销售|"
                            "中国买家|中国企业|中国公司|中国商业客户|向中国大陆|对中国大陆|对大陆|向大陆|大陆市场|对内地|向内地|"
                            "to china|into china|in china|for china|to chinese|to mainland china|chinese customers|chinese market|china market|chinese buyers|china sales|china-bound|chinese clients|chinese companies|chinese firms"),
    row(FrameCue::kAbroad, "其他国家|其它国家|别国|第三国|海外国家|other countries|other nations"),
    row(FrameCue::kExporterActs, "美方|美国政府|美国当局|特朗普政府|拜登政府|白宫|华盛顿|美国商务部|美商务部|商务部工业与安全局|工业与安全局|美国国会|国会|五角大楼|美国|"
                                 "washington|the white house|white house|trump administration|biden administration|the administration|us government|u.s. government|commerce department|us commerce department|congress|the us|the u.s.|u.s."),
    row(FrameCue::kImporterActs, "中方|中国政府|中国方面|中国当局|中国监管|中国监管机构|中国有关部门|有关部门|海关|中国海关|领导层|监管部门|国家网信办|网信办|工信部|发改委|国务院|北京方面|"
                                 "beijing|chinese authorities|chinese regulators|chinese government|chinese customs|customs|china's customs"),
    row(FrameCue::kGovernment, "政府|当局|the government|government|authorities|regulators"),
    row(FrameCue::kOf, "的"),
    row(FrameCue::kTradeRule, "放开|解禁|获批|获准|禁令|禁运|许可证|出口管制|出口限制|允许|批准|出口|销售禁令|禁售|松绑|export|exports|export ban|export controls|export curbs|licence|licences|license|licenses|export license|export licenses"),
    row(FrameCue::kMakers, "芯片制造商|芯片厂商|芯片大厂|晶片商|芯片商|制造商|厂商|chipmakers|chip makers|makers|manufacturers"),
});

}  // namespace

std::span<const WordRow> source_words() { return kSourceRows; }
std::span<const WordRow> stance_words() { return kStanceRows; }
std::span<const WordRow> frame_words() { return kFrameRows; }

}  // namespace annals
