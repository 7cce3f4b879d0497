using RiskWatch.Contracts;

namespace RiskWatch.Web.Localization;

/// <summary>Words of the alert, search, trend, status, dead-letter and rule pages.</summary>
public sealed partial class Words
{
    // Alert
    public string AlertMissing(string id) => T($"没有预警 {id}。", $"There is no warning {id}.");
    public string Why => T("为什么发出", "Why it was raised");
    public string ObservedAgainstExpected => T("观测与预期", "Observed against expected");
    public string Interval90 => T("90% 区间", "90% interval");
    public string ShowTable => T("显示数据表", "Show as table");
    public string ShowChart => T("显示图表", "Show as chart");
    public string Hour => T("小时", "Hour");
    public string Lower => T("下限", "Lower");
    public string Windows => T("各时间窗", "Windows");
    public string ByChance => T("偶然出现", "By chance");
    public string Deciding => T("决定性", "deciding");
    public string Exemplars => T("示例记录", "Example records");
    public string NoExemplars => T("没有示例记录。", "No example records.");
    public string RecordMissing(string id) => T($"记录 {id} 已不在存储中（已删除或超过保存期）。", $"Record {id} is no longer stored (deleted, or past its retention).");
    public string CounterEvidence => T("反面证据", "What speaks against it");
    public string NoCounterEvidence => T("没有反面证据。", "Nothing speaks against it.");
    public string BySource => T("按来源", "By source");
    public string ByPlace => T("按地点", "By place");
    public string History => T("经过", "History");
    public string Facts => T("要素", "Facts");
    public string UrgencyLabel => T("紧迫性", "Urgency");
    public string SeverityLabel => T("严重性", "Severity");
    public string Posts => T("帖文", "Posts");
    public string Led(RecordKind kind, int hours) => kind == RecordKind.Hotline
        ? T($"热线领先帖子约{hours}小时", $"hotline led posts by some {hours} h")
        : T($"帖子领先热线约{hours}小时", $"posts led the hotline by some {hours} h");

    public string Hotline => T("热线", "Hotline");
    public string Authors => T("不同作者（人数众多时为人时）", "Distinct authors (many: author-hours)");
    public string AuthorsUnknown => T("来源不提供作者", "No source knows authors");
    public string NegativeShare => T("负面占比", "Negative");
    public string LikelyFalseShare => T("疑似虚假占比", "Likely false");
    public string BaselineDays => T("基线天数", "Days of baseline");
    public string Completeness => T("数据完整度", "Completeness");
    public string StandDown => T("不再报警的上限", "Would stand down at");
    public string Updated => T("最近变化", "Last change");
    public string FirstLevel => T("首次发出", "First raised");
    public string LevelNow => T("当前等级", "Level now");
    public string Since(string time) => T($"自 {time} 起", $"since {time}");
    public string Reached(string time) => T($"{time} 达到", $"reached {time}");
    public string NoLongerOpen(AlertStatus status, string time) => T($"{time} {Of(status)}", $"{Of(status)} {time}");
    public string FewerThanOne => T("不到 1", "fewer than 1");
    public string PeakLevel => T("最高等级", "Highest level");
    public string Rule => T("规则", "Rule");
    public string Detector => T("检测器", "Detector");
    public string Model => T("模型", "Model");
    public string Covers => T("同时涵盖", "Also covers");
    public string Factor(string name) => name switch
    {
        "level" => T("每小时通常水平", "Usual level per hour"),
        "hourOfDay" => T("时段系数", "Factor of the hour"),
        "weekday" => T("星期系数", "Factor of the weekday"),
        "holiday" => T("节假日系数", "Factor of the holiday"),
        _ => name,
    };

    public string AcknowledgedBy(string by) => T($"由 {by} 受理", $"Acknowledged by {by}");
    public string Acknowledge => T("受理", "Acknowledge");
    public string CloseAlert => T("关闭预警", "Close warning");
    public string ChooseVerdict => T("结论", "Verdict");
    public string Onset => T("实际开始时间（可选）", "Real onset (optional)");
    public string Note => T("备注（可选）", "Note (optional)");
    public string ActionSent => T("已记录，将在下一次判定时生效。", "Recorded; it takes effect with the next tick.");
    public string ActionTooLate => T("该预警已撤回，操作已记录，但不改变任何内容。", "The warning is withdrawn; the action is recorded and changes nothing.");
    public string ProvisionalNotice => T("暂定：尚未由其判定时刻确认，可能撤回。", "Provisional: its tick has not confirmed it yet; it may be withdrawn.");
    public string WithdrawnNotice => T("已撤回：判定时刻未予确认。", "Withdrawn: its tick did not confirm it.");
    public string ConfirmedNotice => T("已以另一编号确认：", "Confirmed under another id: ");
    public string SilencedNotice(string by) => T($"静默 {by} 生效：不发通知。", $"Silenced by {by}: it notifies nobody.");
    public string SearchThese => T("检索该窗口内的记录", "Search the records of this window");
    public string SeeTrend => T("查看趋势", "See the trend");
    public string WindowHours(int hours) => hours == 168 ? T("7 天", "7 d") : T($"{hours} 小时", $"{hours} h");

    // Search
    public string SearchPlaceholder => T("词语；引号内为短语", "Words; quotes for a phrase");
    public string From => T("起", "From");
    public string Until => T("止", "Until");
    public string KindLabel => T("类型", "Kind");
    public string SentimentLabel => T("情感", "Mood");
    public string FalseShare(string share) => T($"虚假概率{share}", $"{share} false");

    public string Credibility => T("可信度", "Credibility");
    public string Source => T("来源", "Source");
    public string Find => T("检索", "Search");
    public string NoRecords => T("没有符合条件的记录。", "No records match.");
    public string RecordsPerBucket(string bucket) => T($"每{bucket}记录数", $"Records per {bucket}");
    public string HourWord => T("小时", "hour");
    public string DayWord => T("天", "day");
    public string WeekWord => T("周", "week");
    public string Records => T("记录", "Records");
    public string Negative => T("负面", "Negative");
    public string LikelyFalse => T("疑似虚假", "Likely false");
    public string FalseProbability => T("虚假概率", "False");
    public string Stability => T("是否仍如往常", "Still as before?");

    public string StabilityNote => T("最近一周与此前四周相比（群体稳定性指数）：0.1 以下没有变化，0.25 起说明进来的内容已不同以往", "The last week against the four before (population stability index): below 0.1 nothing has moved, from 0.25 on what comes in is not what came in before");

    public string Drifted(string source, string measure) => T($"{source} 与以往不同：{measure}。请查看最新记录；若内容无误，模型需要新的标注", $"{source} is not what it was: {measure}. Look at its newest records; if they are right, the models need newer labels");

    public string WeekFrom => T("自", "Since");

    public string Measure(string measure) => measure switch
    {
        "falseProbability" => T("虚假概率", "False probability"),
        "negative" => T("负面情绪", "Negative mood"),
        "relevance" => T("与公共事务的关系", "Relevance"),
        "length" => T("长度", "Length"),
        _ => T("语言", "Language"),
    };

    public string WhyScored => T("为什么", "Why");

    public string WhyNeighboursNote => T("语义模型的依据：人工标注过的文本中与它最相近的几条，及其相似度", "What the encoder goes by: what people called the labelled texts that are most like this one, and how like they are");

    public string WhyNoNeighbour => T("没有标注文本可比", "no labelled text to compare with");

    public string WhyNote => T("快速模型的依据：去掉这些字词，得分就会改变", "What the fast model goes by: without these words its score changes");

    public string WhyFalse => T("虚假信息", "False content");

    public string WhyNegative => T("负面情绪", "Negative mood");

    public string WhyNothing => T("没有特别的字词", "no word stands out");

    public string WhyPart(bool speaksFor) => speaksFor ? T("支持", "speaks for it") : T("反对", "speaks against it");

    public string Claim(string verdict, DateTimeOffset? reviewed) => T($"与已核查的说法相符：{verdict}{(reviewed is { } z ? $"（{z:yyyy-MM-dd}）" : "")}", $"Like a checked claim: {verdict}{(reviewed is { } e ? $" ({e:yyyy-MM-dd})" : "")}");

    public string ClaimTip(string similarity) => T($"相似度 {similarity}。转述、质疑和辟谣也会相符，因此不改变可信度", $"Similarity {similarity}. Who doubts or refutes it repeats it too, so credibility is not changed by it");

    public string Doubts(int doubts) => T($"{doubts} 次质疑", doubts == 1 ? "1 doubt" : $"{doubts} doubts");
    public string CorrectedBy(string by) => T($"已由 {by} 更正", $"Corrected by {by}");
    public string Correct => T("更正", "Correct");
    public string Unchanged => T("不变", "unchanged");
    public string IsFalse => T("虚假信息", "False information");
    public string IsCredible => T("可信", "Credible");
    public string Send => T("提交", "Submit");
    public string Cancel => T("取消", "Cancel");
    public string CorrectionSent => T("更正已记录。", "The correction is recorded.");
    public string Original => T("原文", "Original");
    public string ShownCount(int count, bool more) => T($"显示 {count} 条" + (more ? "，还有更多" : ""), $"{count} shown" + (more ? ", there are more" : ""));

    /// <summary>A department of the model's seven; another's name as it is.</summary>
    public string Department(string label) => label switch
    {
        "城乡建设" => T(label, "Construction and housing"),
        "环境保护" => T(label, "Environment"),
        "交通运输" => T(label, "Transport"),
        "教育文体" => T(label, "Education, culture and sport"),
        "劳动和社会保障" => T(label, "Labour and social security"),
        "商贸旅游" => T(label, "Commerce and tourism"),
        "卫生计生" => T(label, "Health"),
        _ => label,
    };

    public string DepartmentTip(string share) => T($"可能的承办部门，概率 {share}", $"Department that would probably handle it, {share}");

    public string Of(RecordKind kind) => kind == RecordKind.Hotline ? T("热线", "Hotline") : T("帖文", "Post");

    public string Of(Sentiment sentiment) => sentiment switch
    {
        Sentiment.Negative => T("负面", "Negative"),
        Sentiment.Positive => T("正面", "Positive"),
        _ => T("中性", "Neutral"),
    };

    public string Of(CredibilityBand band) => band switch
    {
        CredibilityBand.Credible => T("可信", "Credible"),
        CredibilityBand.LikelyFalse => T("疑似虚假", "Likely false"),
        _ => T("存疑", "Uncertain"),
    };

    // Trends
    public string BlockTerm => T("屏蔽该词", "Block this term");

    public string BlockTermTip => T("该词不再引发预警，正在进行的预警随即结束；可在“规则”页解除", "It raises no more alerts, and its open one ends; can be undone on the page of rules");

    public string TermBlocked => T("该词已屏蔽", "This term is blocked");

    public string BlockedTerms => T("已屏蔽的词", "Blocked terms");

    public string Term => T("词", "Term");

    public string Unblock => T("解除屏蔽", "Unblock");

    public string ReportMiss => T("上报漏报", "Report a missed warning");

    public string ReportMissNote => T("本该预警却没有预警的事件，记在当前所看的主题和地点名下。没有漏报记录，就无从知道检出率", "What should have been warned of and was not, for the topic and place that are shown. Without such reports nobody knows what share of incidents is warned of");

    public string Began => T("开始时间", "Began");

    public string Ended => T("结束时间（可选）", "Ended (optional)");

    public string MissRecorded => T("已记录。", "It is recorded.");

    public string MissedWarnings => T("漏报", "Missed warnings");

    public string Reporter => T("上报人", "Reported by");

    public string TakeBack => T("撤回", "Take back");

    public string Forecast => T("未来72小时预测", "Forecast, next 72 hours");

    public string ForecastChances => T("未来72小时内，有单个小时达到各级别的可能性：", "Chance that an hour of the next 72 reaches a level by itself:");

    public string ForecastNegative(string next, string lower, string upper, string mean) => T(
        $"负面占比：下一小时{next}（90%区间{lower}–{upper}），72小时平均{mean}。",
        $"Negative share: {next} in the next hour (90 % interval {lower}–{upper}), {mean} on average over 72 hours.");

    public string ForecastMedian => T("预测", "Forecast");

    public string ForecastNaive => T("一周前同时段", "Same hour last week");

    public string ForecastJudged(string error, string naive, string coverage) => T(
        $"以往的预测：误差为总量的{error}（一周前同时段：{naive}），{coverage}的小时落在90%区间内。",
        $"Past forecasts: error {error} of what came (same hour last week: {naive}), {coverage} of hours within the 90 % interval.");

    public string ForecastShort => T("历史不足三周，暂不预测。", "No forecast: less than three weeks of history.");

    public string ForecastNoBetter(string error, string naive) => T(
        $"不显示预测：其误差（{error}）不小于一周前同时段（{naive}）。",
        $"No forecast is shown: its error ({error}) is no less than that of the same hour last week ({naive}).");

    public string NoTrend => T("该序列在此期间没有已结束的小时。", "This series has no closed hours in that time.");
    public string Show => T("显示", "Show");
    public string TrendRange(string from, string until) => T($"{from} 至 {until}", $"{from} to {until}");

    // Status
    public string Mark => T("完整至", "Complete until");
    public string LastRecord => T("最新记录", "Newest record");
    public string Taken => T("已接收", "Taken");
    public string Refused => T("已拒收", "Refused");
    public string LastError => T("最近错误", "Last error");
    public string NotWaited => T("不等待", "not waited for");
    public string OpenAlerts => T("进行中的预警", "Open warnings");
    public string Apis => T("接口", "API");

    // Dead letters
    public string NoDeadLetters => T("没有死信。", "No dead letters.");
    public string DeadLettersHint => T("无法处理的输入保存 7 天；内容加密，不在此显示。", "Input that could not be handled is kept for 7 days, encrypted, and not shown here.");
    public string Reason => T("原因", "Reason");
    public string Detail => T("说明", "Detail");
    public string Stage => T("环节", "Stage");
    public string Origin => T("出处", "Origin");
    public string At => T("时间", "At");
    public string Size => T("大小", "Size");
    public string Retry => T("重试", "Retry");
    public string Drop => T("丢弃", "Drop");
    public string Retried => T("已重试。", "Retried.");
    public string Dropped => T("已丢弃。", "Dropped.");
    public string RefusedAgain(string detail) => T("再次被拒：" + detail, "Refused again: " + detail);
    public string AlreadyResolved => T("已有人处理过。", "Somebody has dealt with it already.");
    public string SureToDrop => T("确定丢弃？", "Really drop it?");

    public string Of(DeadLetterReason reason) => reason switch
    {
        DeadLetterReason.Malformed => T("格式错误", "Malformed"),
        DeadLetterReason.WrongEncoding => T("编码错误", "Wrong encoding"),
        DeadLetterReason.MissingField => T("缺少字段", "Missing field"),
        DeadLetterReason.InvalidField => T("字段无效", "Invalid field"),
        DeadLetterReason.Oversized => T("过大", "Oversized"),
        DeadLetterReason.FromTheFuture => T("时间超前", "From the future"),
        DeadLetterReason.UnknownSource => T("未知来源", "Unknown source"),
        DeadLetterReason.RefusedByMapping => T("映射拒绝", "Refused by the mapping"),
        DeadLetterReason.RefusedByStore => T("存储拒绝", "Refused by the store"),
        _ => T("反复失败", "Failed"),
    };

    // Rules and silences
    public string RulesTitle => T("规则", "Rules");
    public string SilencesTitle => T("静默", "Silences");
    public string Version => T("版本", "Version");
    public string EffectiveFrom => T("生效时间", "Effective from");
    public string BeginningOfTime => T("一直", "always");
    public string Author => T("修改人", "Changed by");
    public string Selector => T("适用范围", "Applies to");
    public string Thresholds => T("阈值", "Thresholds");
    public string Threshold(string chance, string count, string ratio) => T($"偶然概率不超过 {chance}，至少 {count} 条，至少为预期的 {ratio} 倍", $"chance at most {chance}, at least {count}, at least {ratio} times the expected");
    public string Enabled => T("启用", "On");
    public string Disabled => T("停用", "Off");
    public string EditJson => T("编辑 JSON", "Edit as JSON");
    public string Validate => T("校验", "Validate");
    public string Apply => T("应用", "Apply");
    public string Valid => T("校验通过。", "Valid.");
    public string Applied(int count) => T($"已应用 {count} 项变更。", count == 1 ? "1 change applied." : $"{count} changes applied.");
    public string NothingChanged => T("没有变更。", "Nothing changed.");
    public string NoRules => T("没有规则。", "No rules.");
    public string NoSilences => T("没有静默。", "No silences.");
    public string EverySeries => T("所有序列", "Every series");
    public string TermsOnly => T("仅词语", "terms only");
    public string NoTerms => T("不含词语", "no terms");
}
