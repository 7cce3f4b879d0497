using RiskWatch.Contracts;

namespace RiskWatch.Web.Localization;

/// <summary>All words of the console in both languages, one property each, so that none can be missing in one of them.</summary>
/// <param name="language">Language.</param>
public sealed partial class Words(Language language)
{
    /// <summary>Language.</summary>
    public Language Language => language;

    /// <summary>The text in this language.</summary>
    public string Of(BilingualText text) => text.In(language);

    // Frame
    public string Feed => T("预警", "Warnings");
    public string Search => T("检索", "Search");
    public string Trends => T("趋势", "Trends");
    public string Sources => T("运行状态", "Status");
    public string DeadLetters => T("死信", "Dead letters");
    public string Rules => T("规则与静默", "Rules & silences");
    public string SkipToContent => T("跳到正文", "Skip to content");
    public string MainNavigation => T("主导航", "Main navigation");
    public string OtherLanguage => T("English", "中文");
    public string SwitchLanguage => T("Switch to English", "切换到中文");
    public string DarkTheme => T("深色主题", "Dark theme");
    public string LightTheme => T("浅色主题", "Light theme");
    public string KeyboardHelp => T("快捷键", "Keyboard");
    public string Connecting => T("正在连接…", "Connecting…");
    public string Disconnected => T("与服务器的连接中断，正在重新连接；页面内容可能已过时。", "The connection to the server is lost; reconnecting. What you see may be out of date.");
    public string ScriptsNeeded => T("本控制台需要启用 JavaScript。", "This console needs JavaScript.");
    public string NotFound => T("没有这个页面。", "There is no such page.");
    public string BackToFeed => T("返回预警列表", "Back to the warnings");
    public string Close => T("关闭", "Close");
    public string Loading => T("正在读取…", "Loading…");
    public string Reload => T("重新读取", "Try again");
    public string StoreDown => T("存储暂时无法应答，请稍后重试。", "The store cannot answer at the moment; try again.");
    public string LogDown => T("事件日志暂时无法写入，操作未生效，请重试。", "The event log cannot be written at the moment; nothing was done. Try again.");
    public string UnhandledError => T("页面发生错误，已记入服务器日志。", "An error of ours; it is in the server's log.");
    public string More => T("更多", "More");
    public string All => T("全部", "All");
    public string YourName => T("您的姓名", "Your name");

    // Keyboard
    public string KeyNext => T("下一条", "Next row");
    public string KeyPrevious => T("上一条", "Previous row");
    public string KeyClose => T("关闭本帮助，或离开输入框", "Close this help, or leave a field");
    public string KeyOpen => T("打开所选", "Open the selected row");
    public string KeySearch => T("到检索框", "Go to search");
    public string KeyHelp => T("显示或关闭本帮助", "Show or close this help");
    public string KeyFeed => T("到预警列表", "Go to the warnings");

    // Feed
    public string Level => T("等级", "Level");
    public string Raised => T("发出", "Raised");
    public string Warning => T("预警", "Warning");
    public string Site => T("站点", "Site");
    public string Place => T("地点", "Place");
    public string Topic => T("主题", "Topic");
    public string Observed => T("观测", "Observed");
    public string Expected => T("预期", "Expected");
    public string Ratio => T("倍数", "Ratio");
    public string Peak(AlertLevel level) => T($"最高 {level} {Of(level)}", $"peak {level} {Of(level)}");
    public string RatioTip => T("观测与预期之比", "Observed over expected");
    public string Window => T("窗口", "Window");
    public string CertaintyLabel => T("确定性", "Certainty");
    public string Status => T("状态", "Status");
    public string AllSites => T("全部站点", "All sites");
    public string AllLevels => T("全部等级", "All levels");
    public string AtLeast(string level) => T(level + " 及以上", level + " or higher");
    public string OngoingOnly => T("进行中", "Ongoing");
    public string AllStatuses => T("全部状态", "All statuses");
    public string NoAlerts => T("没有符合条件的预警。", "No warnings match.");
    public string NoAlertsHint => T("各站点的运行情况见上方：没有预警与停滞是两回事。", "See above how each site does: no warnings and a standstill are not the same.");
    public string NewAlert(string headline) => T("新预警：" + headline, "New warning: " + headline);
    public string LiveInterrupted => T("实时更新中断：事件日志暂时无法读取。", "Live updates are interrupted: the event log cannot be read.");
    public string Live => T("实时", "Live");
    public string WholeSite => T("全站", "Whole site");
    public string Everything => T("全部主题", "Everything");
    public string DecidedUntil => T("已判定至", "Decided until");
    public string NotYetDecided => T("尚未判定", "Nothing decided yet");
    public string Lag => T("滞后", "Lag");
    public string OpenCount(int count) => T($"{count} 条进行中", count == 1 ? "1 open" : $"{count} open");
    public string StandsStill(string site, string duration) => T($"{site} 停滞：判定时刻已 {duration} 未前进。", $"{site} stands still: nothing was decided for {duration}.");
    public string WaitsForSources(string sources) => T($"正在等待来源 {sources} 的进度。没有新预警不代表平安。", $"It waits for {sources}. No new warnings do not mean that all is quiet.");
    public string WaitsForStages => T("来源已前进，但分类、检测或预警尚未判定。没有新预警不代表平安。", "The sources are ahead, but classification, detection or warning has not decided. No new warnings do not mean that all is quiet.");
    public string SourcesUnseen => T("来源在另一进程中，此处看不到其进度。没有新预警不代表平安。", "Its sources are in another process and not seen here. No new warnings do not mean that all is quiet.");
    public string NoSources => T("本进程未见来源", "No sources seen in this process");
    public string NoSites => T("尚未配置站点。", "No site is configured.");

    // Levels and states
    public string Of(AlertLevel level) => level switch
    {
        AlertLevel.I => T("红色", "Red"),
        AlertLevel.II => T("橙色", "Orange"),
        AlertLevel.III => T("黄色", "Yellow"),
        AlertLevel.IV => T("蓝色", "Blue"),
        _ => T("无", "None"),
    };

    public string Meaning(AlertLevel level) => level switch
    {
        AlertLevel.I => T("特别重大", "most serious"),
        AlertLevel.II => T("重大", "serious"),
        AlertLevel.III => T("较大", "considerable"),
        AlertLevel.IV => T("一般", "general"),
        _ => T("无", "none"),
    };

    public string Of(AlertStatus status) => status switch
    {
        AlertStatus.Provisional => T("暂定", "Provisional"),
        AlertStatus.Open => T("进行中", "Open"),
        AlertStatus.Ended => T("已平息", "Ended"),
        AlertStatus.Closed => T("已关闭", "Closed"),
        AlertStatus.Withdrawn => T("已撤回", "Withdrawn"),
        _ => T("已另行确认", "Confirmed elsewhere"),
    };

    public string Of(Certainty certainty) => certainty switch
    {
        Certainty.Observed => T("已印证", "Observed"),
        Certainty.Likely => T("很可能", "Likely"),
        Certainty.Possible => T("可能", "Possible"),
        _ => T("未知", "Unknown"),
    };

    public string Of(Urgency urgency) => urgency switch
    {
        Urgency.Immediate => T("立即", "Immediate"),
        Urgency.Expected => T("一小时内", "Within the hour"),
        Urgency.Future => T("近期", "Near future"),
        Urgency.Past => T("已过去", "Past"),
        _ => T("未知", "Unknown"),
    };

    public string Of(Severity severity) => severity switch
    {
        Severity.Extreme => T("极严重", "Extreme"),
        Severity.Severe => T("严重", "Severe"),
        Severity.Moderate => T("中等", "Moderate"),
        Severity.Minor => T("轻微", "Minor"),
        _ => T("未知", "Unknown"),
    };

    public string Of(Verdict verdict) => verdict switch
    {
        Verdict.True => T("属实", "True incident"),
        Verdict.FalseAlarm => T("误报", "False alarm"),
        Verdict.Duplicate => T("重复", "Duplicate"),
        _ => T("无法核实", "Unverifiable"),
    };

    public string Of(SourceState state) => state switch
    {
        SourceState.Healthy => T("正常", "healthy"),
        SourceState.Empty => T("无新记录", "empty"),
        SourceState.Failing => T("故障", "failing"),
        SourceState.Ended => T("已结束", "ended"),
        _ => T("沉默", "silent"),
    };

    public string Step(string reason) => reason switch
    {
        "raised" => T("发出", "Raised"),
        "escalated" => T("升级", "Escalated"),
        "steppedDown" => T("降级", "Stepped down"),
        "ended" => T("平息", "Ended"),
        "acknowledged" => T("已受理", "Acknowledged"),
        "closed" => T("关闭", "Closed"),
        "reopened" => T("重新打开", "Reopened"),
        "ruleChanged" => T("规则变更", "Rule changed"),
        "silenced" => T("静默", "Silenced"),
        _ => reason,
    };

    private string T(string zh, string en) => language == Language.Zh ? zh : en;
}
