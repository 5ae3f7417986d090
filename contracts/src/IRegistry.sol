// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What governance can set. Weights are relative to each other; bps are of 10,000.
enum Parameter {
    FeeBps, // of a sale
    RoyaltyCeilingBps, // most that a royalty may be of a resale
    ContributorWeight, // who gives data
    ProviderWeight, // who stores it
    CuratorWeight, // who checks it
    OrderWeight, // more for what is formatted and linked
    FreshnessWeight, // more for what is kept up to date
    WeeklyEmission // whole voices that a week's work may earn in all
}

/// @notice All parameters, in the order of {Parameter}.
struct Terms {
    uint32 feeBps;
    uint32 royaltyCeilingBps;
    uint32 contributorWeight;
    uint32 providerWeight;
    uint32 curatorWeight;
    uint32 orderWeight;
    uint32 freshnessWeight;
    uint32 weeklyEmission;
}

/// @notice A contract by its name.
/// @param target Where it is; zero if the name is no longer to be used.
/// @param since Since when, unix seconds.
/// @param number 1 for the first under this name.
/// @param codeHash Hash of its code when it was named.
struct Version {
    address target;
    uint48 since;
    uint48 number;
    bytes32 codeHash;
}

/// @notice A data format or template, by the hash of its text alone.
/// @param publisher Who published it first here. It gives no right.
/// @param publishedAt Unix seconds.
/// @param uses Accounts that say they use it.
struct Template {
    address publisher;
    uint48 publishedAt;
    uint48 uses;
}

/// @title IRegistry
/// @notice Which contracts are current, which templates there are, what is listed, and the parameters that votes set.
interface IRegistry {
    /// @notice A parameter has another value.
    event ParameterSet(Parameter indexed parameter, uint256 from, uint256 to);
    /// @notice A name means another contract. Zero: it is no longer to be used.
    event Named(bytes32 indexed name, uint256 indexed number, address indexed target, bytes32 codeHash);
    /// @notice A subject was put on a list, or taken off.
    event Listed(bytes32 indexed list, bytes32 indexed subject, bool listed);
    /// @notice A template was published.
    event Published(bytes32 indexed contentHash, address indexed publisher);
    /// @notice An account says that it uses a template, or no longer.
    event Endorsed(bytes32 indexed contentHash, address indexed user, bool uses);

    /// @notice The template was published before.
    error AlreadyPublished(bytes32 contentHash);
    /// @notice The bounds of a parameter at deployment do not hold its value, or its step is zero.
    error BadBounds(Parameter parameter);
    /// @notice The caller is not governance.
    error NotGovernance(address caller);
    /// @notice The account says this already.
    error NothingChanges();
    /// @notice No such template.
    error NotPublished(bytes32 contentHash);
    /// @notice The value is outside the bounds that the parameter has for ever.
    error OutOfBounds(Parameter parameter, uint256 value);
    /// @notice The value is further from the last than a change may go.
    error StepTooLarge(Parameter parameter, uint256 from, uint256 to);
    /// @notice The parameter can change again after this moment.
    error TooSoon(Parameter parameter, uint256 until);
    /// @notice The code at this address is not what was voted for.
    error WrongCode(address target, bytes32 codeHash);
    /// @notice Zero is no content.
    error ZeroHash();

    /// @notice Changes one parameter, within its bounds, by at most its step, at most once in {MIN_INTERVAL}. Only governance.
    function set(Parameter parameter, uint32 value) external;

    /// @notice Points a name at a contract whose code has this hash. Only governance.
    /// @param target Zero, with hash zero: the name is no longer to be used.
    function setVersion(bytes32 name, address target, bytes32 codeHash) external;

    /// @notice Puts a subject on a list or takes it off: a template that earns, a class of work, a currency. Only governance.
    function setListed(bytes32 list, bytes32 subject, bool on) external;

    /// @notice Publishes a template. Anyone may.
    /// @param contentHash Hash of its text, which is published elsewhere.
    function publish(bytes32 contentHash) external;

    /// @notice Says that the caller uses a template, or no longer. An account counts once.
    function endorse(bytes32 contentHash, bool uses) external;

    /// @notice All parameters, in one read.
    function terms() external view returns (Terms memory);

    /// @notice One parameter.
    function valueOf(Parameter parameter) external view returns (uint256);

    /// @notice What a parameter can be for ever, how far one change may go, and when it changed last (unix seconds, or zero).
    function boundsOf(Parameter parameter)
        external
        view
        returns (uint256 least, uint256 most, uint256 step, uint256 changedAt);

    /// @notice The contract that a name means.
    function version(bytes32 name) external view returns (Version memory);

    /// @notice Whether a name means a contract whose code still is what was voted for.
    function intact(bytes32 name) external view returns (bool);

    /// @notice A template.
    function template(bytes32 contentHash) external view returns (Template memory);

    /// @notice Whether an account says that it uses a template.
    function endorsed(bytes32 contentHash, address user) external view returns (bool);

    /// @notice Whether a subject is on a list.
    function listed(bytes32 list, bytes32 subject) external view returns (bool);

    /// @notice The timelock.
    function governance() external view returns (address);

    /// @notice Shortest time between two changes of one parameter, seconds.
    function MIN_INTERVAL() external view returns (uint256);
}
